import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { WorkedQueue } from '../queues/worked-queue.ts';

/** Two at a time is the least that SQS event sources take; a table that recovers is not to be flooded. */
const DRAIN_CONCURRENCY = 2;

const DRAIN_BATCH_SIZE = 10;

/** Where predictions wait that the table did not take at once. */
export class CaptureQueue extends WorkedQueue {
  /** Feeds a function with what waits, and lets it take that from the queue. */
  drainInto(fn: LambdaFunction): void {
    this.feed('Drain', fn, { batchSize: DRAIN_BATCH_SIZE, maxConcurrency: DRAIN_CONCURRENCY });
  }
}
