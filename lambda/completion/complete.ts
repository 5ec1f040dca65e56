import { setMaxListeners } from 'node:events';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { rangeWarnings, withUnits } from '../../contract/api/answers.ts';
import { CHAMPION } from '../../contract/model/answering-variant.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import { type ProblemCode, ProblemError, problemDocument } from '../../contract/problems/problems.ts';
import { isVerification } from '../asynchronous/invocation-id.ts';
import { loggableReason, type Notification, parseNotification } from '../asynchronous/notification.ts';
import type { Outcome, OutcomeStore } from '../asynchronous/outcome-store.ts';
import { type Payloads, requestKey } from '../asynchronous/payloads.ts';
import { decodeStoredRequest, type StoredRequest } from '../asynchronous/stored-request.ts';
import { type CallBackPorts, callBack } from '../callbacks/call-back.ts';
import { loggable } from '../http/loggable.ts';
import { logger, metrics } from '../observability.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import type { Codec } from '../predictors/codec.ts';
import { decodeAnswers } from '../predictors/payload.ts';
import { countByVariant } from '../variants/count.ts';
import type { ShadowStore } from '../variants/shadow-store.ts';
import { completeShadow } from './complete-shadow.ts';

/** What finishing predictions needs of the world. */
export interface CompletePorts extends CallBackPorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly payloads: Payloads;
  readonly outcomes: Pick<OutcomeStore, 'finish' | 'noteOutcome' | 'statusOf'>;
  readonly shadowStore: ShadowStore;
}

/** Outcomes that are stored at a time: a list has up to a thousand. */
const CONCURRENT_WRITES = 25;

/**
 * Turns the notifications of a model's endpoints into predictions: read the answer, postprocess, validate, store. A message
 * whose outcome could not be stored is reported as failed, so that only it comes back; a message that comes twice changes
 * nothing, because only a pending prediction takes an outcome. Who wants to be told is told when everything is stored. A
 * shadow's message is never reported: nobody waits for it.
 */
export async function complete(
  ports: CompletePorts,
  messages: readonly SQSRecord[],
  signal: AbortSignal,
): Promise<SQSBatchResponse> {
  // One listener for each write under way: no leak, whatever Node's default suspects.
  setMaxListeners(0, signal);
  const failures = await Promise.all(messages.map((message) => completeOne(ports, message, signal)));
  return {
    batchItemFailures: failures.flatMap((itemIdentifier) =>
      itemIdentifier === undefined ? [] : [{ itemIdentifier }],
    ),
  };
}

/** The id of the message where it has to come back. */
async function completeOne(
  ports: CompletePorts,
  { messageId, body }: SQSRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const notification = parseNotification(body);
    // The verification looks for itself: nobody else waits for it.
    if (isVerification(notification)) return undefined;
    if (notification.shadow !== undefined) {
      await completeShadow(ports, { ...notification, shadow: notification.shadow }, signal);
      return undefined;
    }
    const request = decodeStoredRequest(
      await ports.payloads.get(requestKey(notification.requestName), signal),
    );
    const outcomes = await outcomesOf(ports, notification, request, signal);
    const { finished, errors } = await finish(ports.outcomes, outcomes, signal);
    // What is stored is counted now, whatever else fails: when the message comes back, it is no news any more.
    report(request, finished);
    if (errors.length > 0) throw errors[0];
    await callBack(ports, request, finished, signal);
    if (request.variant === CHAMPION) await noteOutcome(ports.outcomes, notification, outcomes, signal);
    return undefined;
  } catch (error) {
    logger.error('not completed', { messageId, error: loggable(error) });
    return messageId;
  }
}

/**
 * The champion's health is the model's: a challenger that fails has metrics and alarms of its own. Notifications arrive in
 * any order and more than once, so that what counts is when the invocation ended.
 */
async function noteOutcome(
  store: CompletePorts['outcomes'],
  { endedAt }: Notification,
  outcomes: readonly Outcome[],
  signal: AbortSignal,
): Promise<void> {
  const succeeded = outcomes.every((outcome) => !('problem' in outcome));
  await store.noteOutcome({ succeeded, at: new Date(endedAt).toISOString() }, signal);
}

async function outcomesOf(
  { model, codec, payloads }: CompletePorts,
  notification: Notification,
  request: StoredRequest,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const { predictionIds, inputs, requestId } = request;
  if ('failureReason' in notification) {
    logger.error('invocation failed', { predictionIds, reason: loggableReason(notification.failureReason) });
    return failed(predictionIds, failureCode(notification.failureReason), requestId);
  }
  const text = await payloads.get(payloads.keyOf(notification.outputUri), signal);
  try {
    const outputs = checkedOutputs(model, decodeAnswers(model, codec, text, inputs));
    return predictionIds.map((predictionId, index) => ({
      predictionId,
      prediction: withUnits(model.output, outputs[index] ?? {}),
      warnings: rangeWarnings(model.output, outputs[index] ?? {}, '/prediction'),
    }));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    logger.error(error.code, { predictionIds, error: loggable(error.cause ?? error) });
    return failed(predictionIds, error.code, requestId);
  }
}

/** SageMaker tells in words only whether time ran out. */
function failureCode(reason: string): ProblemCode {
  return /timed? ?out|expired/i.test(reason) ? 'model-timeout' : 'model-error';
}

const DETAILS: Readonly<Partial<Record<ProblemCode, string>>> = {
  'model-timeout': 'The model did not answer in time. Send fewer inputs in one request, or try again later.',
};

function failed(predictionIds: readonly string[], code: ProblemCode, requestId: string): readonly Outcome[] {
  const problem = problemDocument(code, DETAILS[code] ?? 'The model failed on this request.', requestId);
  return predictionIds.map((predictionId) => ({ predictionId, problem }));
}

/**
 * Stores outcomes; answers those that were not there before, and what went wrong with others. Every write under way comes
 * to its end: what one of them has stored is stored, whatever becomes of the rest.
 */
async function finish(
  store: CompletePorts['outcomes'],
  outcomes: readonly Outcome[],
  signal: AbortSignal,
): Promise<{ readonly finished: readonly Outcome[]; readonly errors: readonly unknown[] }> {
  const finished: Outcome[] = [];
  const errors: unknown[] = [];
  const waiting = [...outcomes];
  const worker = async () => {
    for (let outcome = waiting.shift(); outcome !== undefined; outcome = waiting.shift()) {
      if (await store.finish(outcome, signal)) finished.push(outcome);
    }
  };
  const workers = Array.from({ length: Math.min(CONCURRENT_WRITES, outcomes.length) }, worker);
  for (const end of await Promise.allSettled(workers)) {
    if (end.status === 'rejected') errors.push(end.reason);
  }
  return { finished, errors };
}

function report({ variant, predictionIds: [first] }: StoredRequest, finished: readonly Outcome[]): void {
  const failures = finished.filter((outcome) => 'problem' in outcome);
  const predictions = finished.length - failures.length;
  if (predictions > 0) {
    metrics.addMetric(METRICS.predictions, MetricUnit.Count, predictions);
    countByVariant(METRICS.predictions, variant, predictions);
  }
  if (failures.length > 0) {
    metrics.addMetric(METRICS.asynchronousFailures, MetricUnit.Count, failures.length);
    countByVariant(METRICS.asynchronousFailures, variant, failures.length);
  }
  // The invocation failed once, in however many attempts its outcomes are stored.
  if (failures.some(({ predictionId }) => predictionId === first))
    countByVariant(METRICS.variantErrors, variant, 1);
  const predictionIds = finished.map(({ predictionId }) => predictionId);
  logger.info('completed', { predictionIds, failures: failures.length });
}
