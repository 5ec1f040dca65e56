import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { METRICS } from '../../contract/observability/metrics.ts';
import { logger, metrics } from '../observability.ts';
import { unpackRecords } from './messages.ts';
import type { PredictionStore } from './store.ts';

/**
 * Writes deferred predictions to the table. A message whose records were not all written is reported as failed, so that
 * only it comes back; writing a record twice leaves one.
 */
export async function drain(
  store: PredictionStore,
  messages: readonly SQSRecord[],
  signal: AbortSignal,
): Promise<SQSBatchResponse> {
  const failures = await Promise.all(messages.map((message) => drainOne(store, message, signal)));
  return {
    batchItemFailures: failures.flatMap((itemIdentifier) =>
      itemIdentifier === undefined ? [] : [{ itemIdentifier }],
    ),
  };
}

/** The id of the message where it has to come back. */
async function drainOne(
  store: PredictionStore,
  message: SQSRecord,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const records = unpackRecords(message.body);
    const { unwritten, error } = await store.write(records, signal);
    logger.info('capture drained', {
      messageId: message.messageId,
      records: records.length,
      unwritten: unwritten.length,
    });
    if (unwritten.length === 0) return undefined;
    throw error ?? new Error(`${unwritten.length} records left unprocessed`);
  } catch (error) {
    metrics.addMetric(METRICS.tableErrors, MetricUnit.Count, 1);
    logger.error('capture not drained', { messageId: message.messageId, error });
    return message.messageId;
  }
}
