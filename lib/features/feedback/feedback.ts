import type { Feature } from '../../functions/feature.ts';
import { retention, store } from '../../functions/shared-variables.ts';

/** What was observed afterwards. */
export const FEEDBACK = {
  functions: [
    {
      name: 'feedback',
      memoryMb: 512,
      timeoutSeconds: 10,
      description: 'Stores what was observed for a prediction',
      handler: { kind: 'bound' },
      variables: (parts) => ({ ...store(parts), ...retention(parts) }),
      connect(fn, { table }) {
        table.grantStoreFeedback(fn);
      },
    },
  ],
} as const satisfies Feature;
