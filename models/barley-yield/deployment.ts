import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: { mode: 'serverless', memoryMb: 2048, maxConcurrency: 10 },
  objectives: { availabilityPercent: 99.5, latencyP95Ms: 800 },
  access: { kind: 'api-key', requestsPerSecond: 50, burst: 100 },
  environments: {
    prod: {
      hosting: {
        mode: 'realtime',
        instanceType: 'ml.c6i.large',
        instances: { min: 2, max: 6 },
        requestsPerSecondPerInstance: 100,
      },
      // Beyond what the least instances serve, or scaling would never have anything to do.
      access: { kind: 'api-key', requestsPerSecond: 300, burst: 600 },
      rollout: { strategy: 'canary', percent: 10, bakeMinutes: 10 },
    },
  },
});
