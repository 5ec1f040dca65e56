import type { ArtifactModel } from '../../contract/model/model.ts';
import type { Invocation, InvocationLimits, InvokeAsynchronously } from '../asynchronous/invoker.ts';
import type { OutcomeStore } from '../asynchronous/outcome-store.ts';
import { inputKey, type Payloads, requestKey } from '../asynchronous/payloads.ts';
import { encodeStoredRequest, type StoredRequest } from '../asynchronous/stored-request.ts';
import { type PendingRecord, pendingRecord } from '../capture/asynchronous-record.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { logger } from '../observability.ts';
import { POLL_AFTER_SECONDS } from '../prediction/get-prediction.ts';
import { type ReadRequestPorts, type ReceivedRequest, readRequest } from '../prediction/read-request.ts';
import type { Codec } from '../predictors/codec.ts';
import { customAttributes } from '../predictors/endpoint.ts';
import { asProblem } from '../predictors/endpoint-errors.ts';
import { locatingImages } from '../predictors/image-problems.ts';
import { encodeInputs } from '../predictors/payload.ts';
import { ANSWER_RESERVE_MS } from '../predictors/predictor.ts';
import { asStoreProblem } from '../store-errors.ts';
import { countingErrors } from '../variants/count.ts';
import { type ShadowQueues, withShadowQueues } from '../variants/shadow-queues.ts';

/** What accepting predictions needs of the world. */
export interface SubmitPorts extends ReadRequestPorts {
  /** With the version of the variant that answers. */
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly variant: string;
  /** The queue of the variant that answers. */
  readonly invoke: InvokeAsynchronously;
  readonly shadowQueues: ShadowQueues;
  readonly payloads: Payloads;
  readonly outcomes: Pick<OutcomeStore, 'keep'>;
  readonly limits: InvocationLimits;
  readonly retentionDays: number;
  /** A new, sortable id (ULID) for a time in milliseconds. */
  readonly newId: (now: number) => string;
}

/** What may pass between the end of an invocation and the moment its outcome is stored, in milliseconds. */
const COMPLETION_ALLOWANCE_MS = 15 * 60_000;

/**
 * `POST /predictions` of an asynchronous model: validate, preprocess, keep as pending, put into the endpoint's queue. The
 * queue comes last: whatever the endpoint answers then finds its prediction. What the queue does not take stays pending under
 * an id that nobody was told. A list is one invocation, as it is one batch elsewhere. Every variant finds the request in the
 * same place.
 */
export async function submit(ports: SubmitPorts, request: ApiRequest): Promise<ApiAnswer> {
  const { model, codec, payloads, limits } = ports;
  const parsed = await readRequest(ports, request);
  const records = pendingRecords(ports, parsed, request);
  const predictionIds = records.map(({ predictionId }) => predictionId);
  const [requestName = ''] = predictionIds;
  const body = await locatingImages(parsed, () => encodeInputs(model, codec, requestName, parsed.inputs));
  const remainingMs = request.deadline.remainingMs(ANSWER_RESERVE_MS);
  const signal = AbortSignal.timeout(remainingMs);
  await stored([
    payloads.put(inputKey(requestName), body, signal),
    payloads.put(requestKey(requestName), encodeStoredRequest(storedRequest(ports, parsed, records)), signal),
    ports.outcomes.keep(records, signal),
  ]);
  const invocation = {
    requestName,
    inputUri: payloads.uri(inputKey(requestName)),
    // The model server drops what its caller no longer waits for: here that is the end of the request's life.
    customAttributes: customAttributes(request, (limits.maxWaitSeconds + limits.timeoutSeconds) * 1000),
  };
  await withShadowQueues(ports.shadowQueues, { invocation, deadline: request.deadline }, () =>
    queued(ports, invocation, signal),
  );
  logger.info('accepted', { predictionIds });
  return answer(model, ports.variant, parsed.batch, records);
}

/** Puts a request into the queue of the variant that answers. */
async function queued(
  { invoke, variant }: SubmitPorts,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<void> {
  await countingErrors(variant, async () => {
    try {
      await invoke(invocation, signal);
    } catch (error) {
      throw asProblem(error, signal.aborted);
    }
  });
}

function pendingRecords(
  { model, limits, variant, retentionDays, now, newId }: SubmitPorts,
  { inputs, units }: ReceivedRequest,
  { requestId, traceId }: ApiRequest,
): readonly PendingRecord[] {
  const acceptedAt = now();
  const wanted = {
    units: Object.fromEntries(Object.entries(units).map(([name, { text }]) => [name, text])),
    pendingUntil:
      acceptedAt + (limits.maxWaitSeconds + limits.timeoutSeconds) * 1000 + COMPLETION_ALLOWANCE_MS,
  };
  const circumstances = { model, variant, now: acceptedAt, retentionDays, requestId, traceId };
  return inputs.map((input) => pendingRecord(newId(acceptedAt), input, wanted, circumstances));
}

/** What the completion needs to know, of the variants as of now too: they may have changed by then. */
function storedRequest(
  { variant, shadowQueues }: SubmitPorts,
  { inputs, callbackUrl }: ReceivedRequest,
  records: readonly PendingRecord[],
): StoredRequest {
  const [first] = records;
  if (first === undefined) throw new Error('a request without inputs has passed the contract');
  const { createdAt, expiresAt, requestId, traceId } = first;
  return {
    predictionIds: records.map(({ predictionId }) => predictionId),
    inputs: [...inputs],
    variant,
    shadows: shadowQueues.shadows.map(({ name, version }) => ({ name, version })),
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    createdAt,
    expiresAt,
  };
}

/** Nothing may be in the queue whose request, or whose pending prediction, is nowhere. */
async function stored(writes: readonly Promise<void>[]): Promise<void> {
  try {
    await Promise.all(writes);
  } catch (error) {
    throw asStoreProblem(error, 'The request could not be kept. Try again shortly.');
  }
}

function answer(
  model: ArtifactModel,
  variant: string,
  batch: boolean,
  records: readonly PendingRecord[],
): ApiAnswer {
  const about = { model: model.name, version: model.version, variant };
  const status = 'pending';
  const retry = { 'Retry-After': String(POLL_AFTER_SECONDS) };
  const predictions = records.map(({ predictionId, warnings }) => ({ predictionId, status, warnings }));
  if (batch) return { status: 202, body: { status, ...about, predictions }, headers: retry };
  const [{ predictionId, warnings } = {}] = predictions;
  return {
    status: 202,
    body: { predictionId, status, ...about, warnings },
    // Relative to the request's own URL, and so right below whatever base path the API has.
    headers: { ...retry, Location: `predictions/${predictionId}` },
  };
}
