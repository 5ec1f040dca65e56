import type { CallbackQueue } from '../../callbacks/callback-queue.ts';
import type { Feature } from '../../functions/feature.ts';
import type { ModelParts } from '../../functions/model-parts.ts';
import { callbackHosts, callbackQueue } from '../../functions/shared-variables.ts';

/** Telling callers that answers are there which came later. */
export const NOTIFICATION = {
  belongsTo: ({ settings: { hosting } }) =>
    hosting.mode === 'asynchronous' && hosting.callbacks !== undefined,
  functions: [
    {
      name: 'notify',
      memoryMb: 512,
      timeoutSeconds: 30,
      description: 'Tells callers that their predictions are there',
      handler: { kind: 'shared' },
      variables: (parts) => ({ ...callbackHosts(parts), ...callbackQueue(parts) }),
      connect(fn, parts) {
        queueOf(parts).callBackWith(fn);
      },
    },
  ],
  watched: (parts) => ({
    callbacks: { deadLetterQueueName: queueOf(parts).deadLetterQueue.queueName },
  }),
} as const satisfies Feature;

function queueOf({ model, callbacks }: ModelParts): CallbackQueue {
  if (callbacks === undefined) throw new Error(`${model.name}: calls back, and has no queue of callbacks`);
  return callbacks;
}
