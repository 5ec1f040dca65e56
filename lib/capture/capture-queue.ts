import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { WorkedQueue, type WorkedQueueProps } from '../queues/worked-queue.ts';

/** Two at a time is the least that SQS event sources take; a table that recovers is not to be flooded. */
const DRAIN_CONCURRENCY = 2;

const DRAIN_BATCH_SIZE = 10;

/** Where predictions wait that the table did not take at once. */
export class CaptureQueue extends WorkedQueue {
  constructor(scope: Construct, id: string, props: Pick<WorkedQueueProps, 'environment' | 'key'>) {
    super(scope, id, { ...props, worker: 'drain' });
  }

  /** Feeds a function with what waits, and lets it take that from the queue. */
  drainInto(fn: IFunction): void {
    this.feed('Drain', fn, { batchSize: DRAIN_BATCH_SIZE, maxConcurrency: DRAIN_CONCURRENCY });
  }
}
