import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { callbackRule } from '../callbacks/callback-rule.ts';
import { notify } from '../callbacks/notify.ts';
import { httpReceiver } from '../callbacks/receiver.ts';
import { readEnvironment } from '../environment.ts';
import { deadlineOf } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';
import { sqsQueue } from '../sqs-queue.ts';

/** What is kept back for putting off what was not taken, and for reporting the batch's outcome, in milliseconds. */
const REPORT_RESERVE_MS = 5000;

/** The function behind the queue of callbacks. */
export function createHandler(): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const { CALLBACK_QUEUE_URL, ...called } = readEnvironment([
    'CALLBACK_HOSTS',
    'CALLBACK_QUEUE_URL',
    'LOCAL_CLOUD',
  ]);
  const rule = callbackRule(called);
  if (rule === undefined || CALLBACK_QUEUE_URL === undefined)
    throw new Error('environment: CALLBACK_HOSTS or CALLBACK_QUEUE_URL is not set');
  const ports = { rule, receiver: httpReceiver, queue: sqsQueue(CALLBACK_QUEUE_URL) };
  return async (event, context) => {
    logger.addContext(context);
    try {
      return await notify(
        ports,
        event.Records,
        AbortSignal.timeout(deadlineOf(context).remainingMs(REPORT_RESERVE_MS)),
      );
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
