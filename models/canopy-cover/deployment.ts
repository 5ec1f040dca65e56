import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  // Decoding the largest photograph takes most of a gigabyte for some seconds.
  hosting: { mode: 'lambda', memoryMb: 2048 },
  objectives: { availabilityPercent: 99.5, latencyP95Ms: 8000 },
  access: { kind: 'api-key', requestsPerSecond: 20, burst: 60 },
});
