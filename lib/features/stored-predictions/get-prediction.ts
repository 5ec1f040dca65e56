import type { Feature } from '../../functions/feature.ts';
import { store } from '../../functions/shared-variables.ts';

/** Reading predictions that were made. */
export const STORED_PREDICTIONS = {
  functions: [
    {
      name: 'get-prediction',
      memoryMb: 512,
      timeoutSeconds: 10,
      description: 'Reads one stored prediction',
      handler: { kind: 'bound' },
      variables: store,
      connect(fn, { table }) {
        table.grantReadPrediction(fn);
      },
    },
  ],
} as const satisfies Feature;
