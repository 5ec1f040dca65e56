import { sqsQueue } from '../sqs-queue.ts';
import { type Callback, encodeCallback } from './callback.ts';

/** Where callbacks wait to be made. */
export interface CallbackQueue {
  send(callback: Callback, signal: AbortSignal): Promise<void>;
}

/** The queue in SQS. */
export function sqsCallbackQueue(queueUrl: string): CallbackQueue {
  const queue = sqsQueue(queueUrl);
  return { send: (callback, signal) => queue.send([encodeCallback(callback)], signal) };
}
