import type { Feature } from '../../functions/feature.ts';
import { FINISH, PREPARE } from './batch-functions.ts';
import type { BatchTransform } from './batch-transform.ts';

/** Predictions for whole files. */
export const BATCH = {
  belongsTo: ({ settings: { batch } }) => batch !== undefined,
  functions: [
    { ...PREPARE, made: ({ prepare }) => prepare },
    { ...FINISH, made: ({ finish }) => finish },
  ],
  resources: async () => (await import('./model-batches.ts')).modelBatches,
  watched: (_, { stateMachineArn }) => ({ batch: { stateMachineArn } }),
  outputs: (_, { bucketName, stateMachineArn }) => [
    { id: 'BatchBucketName', value: bucketName, description: 'Files for batches, and their results' },
    {
      id: 'BatchStateMachineArn',
      value: stateMachineArn,
      description: 'aws stepfunctions start-execution starts a batch',
    },
  ],
} as const satisfies Feature<string, BatchTransform>;
