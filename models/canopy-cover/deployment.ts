import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  // Decoding the largest photograph takes a gigabyte for some seconds.
  hosting: { mode: 'lambda', memoryMb: 2048 },
  objectives: { availabilityPercent: 99.5, latencyP95Ms: 8000 },
  access: { kind: 'api-key', requestsPerSecond: 20, burst: 60 },
  environments: {
    prod: {
      // Photographs come after a flight or a walk through the plots, and then none for days.
      hosting: {
        mode: 'asynchronous',
        instanceType: 'ml.c6i.large',
        instances: { min: 0, max: 4 },
        backlogPerInstance: 20,
        timeoutSeconds: 60,
      },
    },
  },
});
