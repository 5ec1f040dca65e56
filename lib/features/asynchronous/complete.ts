import type { Feature } from '../../functions/feature.ts';
import { asynchronousEndpoint, endpointsOf } from '../../functions/model-parts.ts';
import { callbackQueue, store } from '../../functions/shared-variables.ts';

/** Answers that come later: what becomes of them. */
export const COMPLETION = {
  belongsTo: ({ settings: { hosting } }) => hosting.mode === 'asynchronous',
  functions: [
    {
      name: 'complete',
      memoryMb: 1024,
      timeoutSeconds: 30,
      description: 'Turns what the endpoint answered into predictions',
      handler: { kind: 'bound' },
      variables(parts) {
        const { bucketName, codec } = asynchronousEndpoint(parts);
        return { ...store(parts), ...callbackQueue(parts), INFERENCE_BUCKET: bucketName, CODEC: codec };
      },
      connect(fn, parts) {
        const { table, callbacks, settings } = parts;
        table.grantStoreOutcomes(fn);
        asynchronousEndpoint(parts).completeWith(fn);
        if (callbacks !== undefined) {
          callbacks.grantSend(fn);
          table.grantReadOutcome(fn);
        }
        // Where a prediction is awaited, its record is there already; a shadow's is new.
        if ((settings.variants?.shadows ?? []).length > 0) table.grantStorePredictions(fn);
        for (const one of endpointsOf(parts)) one.deployBefore(fn);
      },
    },
  ],
} as const satisfies Feature;
