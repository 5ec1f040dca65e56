import { hasArtifact } from '../../../contract/model/model.ts';
import type { Feature } from '../../functions/feature.ts';
import { isAsynchronous } from '../../functions/model-parts.ts';
import { askedEndpoint, store } from '../../functions/shared-variables.ts';

/** Whether the model answers; where answers come later, whether it lately has. */
export const HEALTH = {
  functions: [
    {
      name: 'health',
      memoryMb: 512,
      timeoutSeconds: 15,
      description: 'Asks the model a reference input',
      handler: { kind: 'bound', asks: true, asynchronous: 'observed-health' },
      // Where it loads the same artifact as what predicts, it is sized like that.
      sizing: ({ model, settings: { hosting } }) =>
        hosting.mode === 'lambda' && hasArtifact(model) ? { memoryMb: hosting.memoryMb } : {},
      variables: (parts) => (isAsynchronous(parts.endpoint) ? store(parts) : askedEndpoint(parts)),
      connect(fn, { endpoint, table }) {
        endpoint?.deployBefore(fn);
        if (isAsynchronous(endpoint)) table.grantReadOutcome(fn);
        else endpoint?.grantInvoke(fn);
      },
    },
  ],
} as const satisfies Feature;
