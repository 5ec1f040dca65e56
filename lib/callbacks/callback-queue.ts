import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { CALLBACK_ATTEMPTS } from '../../contract/api/callbacks.ts';
import { WorkedQueue, type WorkedQueueProps } from '../queues/worked-queue.ts';

const BATCH_SIZE = 10;

/** Requests that are under way at a time, by ten: a receiver that takes its time is to keep no others waiting for long. */
const CONCURRENCY = 5;

/** Where callbacks wait to be made, and what nobody took. Messages hold ids and the callers' URLs, never values. */
export class CallbackQueue extends WorkedQueue {
  constructor(scope: Construct, id: string, props: Pick<WorkedQueueProps, 'environment' | 'key'>) {
    super(scope, id, { ...props, maxReceives: CALLBACK_ATTEMPTS });
  }

  /** Feeds a function with what waits, and lets it take that from the queue and put it off. */
  callBackWith(fn: LambdaFunction): void {
    this.feed('Delivery', fn, { batchSize: BATCH_SIZE, maxConcurrency: CONCURRENCY });
  }
}
