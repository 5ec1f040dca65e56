import { AWS_LIMITS } from '../../../contract/limits/aws-limits.ts';
import type { Feature } from '../../functions/feature.ts';

/** What proves a deployment before it takes over. What it may ask is granted by each verification. */
export const VERIFICATION = {
  functions: [
    {
      name: 'verify',
      memoryMb: 512,
      // A model that has gone to zero instances takes minutes to come back.
      timeoutSeconds: AWS_LIMITS.functionTimeoutSeconds.value,
      description: 'Asks golden predictions before a deployment takes over',
      // It asks the function that predicts, not the model.
      handler: { kind: 'shared', golden: true },
      // It asks SageMaker's and Lambda's control planes and answers to an address of CloudFormation: a network without a way
      // out has none of them, and nothing but golden predictions passes through it.
      inNetwork: false,
      // One that fails fails the deployment, which is louder than any alarm.
      alarmed: false,
    },
  ],
} as const satisfies Feature;
