import { sqsQueue } from '../sqs-queue.ts';
import { packRecords } from './messages.ts';
import type { PredictionRecord } from './record.ts';

/** Where records wait while the table does not take them. */
export interface CaptureQueue {
  send(records: readonly PredictionRecord[], signal: AbortSignal): Promise<void>;
}

/** The queue in SQS. */
export function sqsCaptureQueue(queueUrl: string): CaptureQueue {
  const queue = sqsQueue(queueUrl);
  return { send: (records, signal) => queue.send(packRecords(records), signal) };
}
