import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { drain } from '../capture/drain.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { readEnvironment } from '../environment.ts';
import { deadlineOf } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';

/** What is kept back for reporting the batch's outcome, in milliseconds. */
const REPORT_RESERVE_MS = 1000;

/** The function behind the capture queue. */
export function createHandler(): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const store = dynamoDbStore(readEnvironment(['TABLE_NAME']).TABLE_NAME);
  return async (event, context) => {
    logger.addContext(context);
    try {
      return await drain(
        store,
        event.Records,
        AbortSignal.timeout(deadlineOf(context).remainingMs(REPORT_RESERVE_MS)),
      );
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
