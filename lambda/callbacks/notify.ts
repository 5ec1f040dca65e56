import { setMaxListeners } from 'node:events';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { type CallbackRule, callbackUrl, callbackWaitSeconds } from '../../contract/api/callbacks.ts';
import { METRICS, type MetricName } from '../../contract/observability/metrics.ts';
import { logger, metrics } from '../observability.ts';
import type { SqsQueue } from '../sqs-queue.ts';
import { type Callback, callbackBody, decodeCallback } from './callback.ts';
import { failureOf, type Receiver } from './receiver.ts';

/** What calling back needs of the world. */
export interface NotifyPorts {
  /** What may be called now: it may have changed since the request was accepted. */
  readonly rule: CallbackRule;
  readonly receiver: Receiver;
  readonly queue: Pick<SqsQueue, 'delay'>;
}

/** What a receiver may take to answer, in milliseconds: it is to note the callback, not to work it off. */
const ANSWER_BUDGET_MS = 10_000;

/** What a receiver says that may take the same callback later; whatever is 500 or more is said so too. */
const PASSING = new Set([408, 429]);

/**
 * Tells callers that their predictions are there. What a receiver does not take for now stays in the queue and comes back
 * after a wait that grows with every attempt; what it refuses for good is given up. Of a URL nothing but the host is logged:
 * the rest may hold a secret of the receiver.
 */
export async function notify(
  ports: NotifyPorts,
  messages: readonly SQSRecord[],
  signal: AbortSignal,
): Promise<SQSBatchResponse> {
  setMaxListeners(0, signal);
  const left = await Promise.all(messages.map((message) => notifyOne(ports, message, signal)));
  return {
    batchItemFailures: left.flatMap((itemIdentifier) =>
      itemIdentifier === undefined ? [] : [{ itemIdentifier }],
    ),
  };
}

/** The id of the message where it has to come back. */
async function notifyOne(
  ports: NotifyPorts,
  message: SQSRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  const callback = read(message);
  if (callback === undefined) return message.messageId;
  const { callbackId } = callback;
  const url = takenUrl(callback, ports.rule);
  if (url === undefined) {
    count(METRICS.callbacksRefused);
    logger.warn('callback given up', { callbackId, reason: 'its URL is not called back any more' });
    return undefined;
  }
  const about = { callbackId, host: new URL(url).host };
  const answer = await answerOf(ports.receiver, url, callback, signal);
  if (typeof answer === 'number' && answer >= 200 && answer < 300) {
    count(METRICS.callbacks);
    logger.info('called back', { ...about, status: answer });
    return undefined;
  }
  if (typeof answer === 'number' && answer < 500 && !PASSING.has(answer)) {
    count(METRICS.callbacksRefused);
    logger.warn('callback given up', { ...about, reason: `the receiver answered ${answer}` });
    return undefined;
  }
  count(METRICS.callbacksDeferred);
  await putOff(ports.queue, message, { ...about, reason: answer }, signal);
  return message.messageId;
}

function read({ messageId, body }: SQSRecord): Callback | undefined {
  try {
    return decodeCallback(body);
  } catch {
    // Of what can't be read, nobody knows what it holds.
    logger.error('not a callback', { messageId });
    return undefined;
  }
}

function takenUrl({ url }: Callback, rule: CallbackRule): string | undefined {
  try {
    return callbackUrl(url, rule);
  } catch {
    return undefined;
  }
}

/** The receiver's status, or why there is none. */
async function answerOf(
  receiver: Receiver,
  url: string,
  callback: Callback,
  signal: AbortSignal,
): Promise<number | string> {
  try {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_BUDGET_MS)]);
    return await receiver(url, callbackBody(callback), inTime);
  } catch (error) {
    return failureOf(error);
  }
}

/** Where the wait can't be set, the message comes back after the queue's own. */
async function putOff(
  queue: NotifyPorts['queue'],
  { receiptHandle, attributes }: SQSRecord,
  about: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const attempt = Number(attributes.ApproximateReceiveCount);
  const waitSeconds = callbackWaitSeconds(attempt);
  try {
    await queue.delay(receiptHandle, waitSeconds, signal);
    logger.warn('callback put off', { ...about, attempt, waitSeconds });
  } catch (error) {
    logger.warn('callback put off', { ...about, attempt, error });
  }
}

function count(name: MetricName): void {
  metrics.addMetric(name, MetricUnit.Count, 1);
}
