import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: { mode: 'lambda', memoryMb: 1024 },
  objectives: { availabilityPercent: 99.9, latencyP95Ms: 300 },
  access: { kind: 'api-key', requestsPerSecond: 50, burst: 100 },
});
