import type { Feature } from '../../functions/feature.ts';
import { store } from '../../functions/shared-variables.ts';

/** What keeps predictions that the table does not take at once. */
export const CAPTURE = {
  functions: [
    {
      name: 'drain',
      memoryMb: 512,
      timeoutSeconds: 30,
      description: 'Stores the predictions that the table did not take at once',
      handler: { kind: 'shared' },
      variables: store,
      connect(fn, { table, queue }) {
        table.grantStorePredictions(fn);
        queue.drainInto(fn);
      },
    },
  ],
  outputs: ({ table }) => [
    { id: 'TableName', value: table.tableName, description: 'Predictions and feedback' },
  ],
} as const satisfies Feature;
