import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: { mode: 'lambda', memoryMb: 1024 },
  objectives: { availabilityPercent: 99.9, latencyP95Ms: 500 },
  access: { kind: 'api-key', requestsPerSecond: 50, burst: 100 },
  environments: {
    prod: {
      hosting: {
        mode: 'realtime',
        instanceType: 'ml.c6i.large',
        instances: { min: 2, max: 4 },
        requestsPerSecondPerInstance: 100,
      },
      // Beyond what the least instances serve, or scaling would never have anything to do.
      access: { kind: 'api-key', requestsPerSecond: 200, burst: 400 },
      rollout: { strategy: 'canary', percent: 10, bakeMinutes: 10 },
    },
  },
});
