import { answeringVariants } from '../../../contract/deployment/variants.ts';
import type { Feature } from '../../functions/feature.ts';
import { callbackHosts } from '../../functions/shared-variables.ts';

/** What the model and its API are. */
export const DESCRIPTION = {
  functions: [
    {
      name: 'describe',
      memoryMb: 512,
      timeoutSeconds: 10,
      description: 'Answers the model card and the OpenAPI document',
      handler: { kind: 'bound' },
      variables: (parts) => {
        const { access, hosting, objectives, variants } = parts.settings;
        return {
          ACCESS_KIND: access.kind,
          HOSTING_MODE: hosting.mode,
          AVAILABILITY_PERCENT: String(objectives.availabilityPercent),
          LATENCY_P95_MS: String(objectives.latencyP95Ms),
          // It tells what answers: shadows are nobody's business outside.
          VARIANTS: JSON.stringify(answeringVariants(parts.model, variants)),
          ...callbackHosts(parts),
        };
      },
    },
  ],
} as const satisfies Feature;
