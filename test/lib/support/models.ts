import { z } from 'zod';
import {
  type Deployment,
  type DeploymentOptions,
  defineDeployment,
} from '../../../contract/deployment/deployment.ts';
import { defineModel, image, quantity } from '../../../contract/index.ts';

const field = quantity('kg/ha', { description: 'A mass per area', example: 2000, min: 0 });

/** Pure mathematics. */
export const computedModel = defineModel({
  name: 'doubled-yield',
  version: '1.2.3',
  title: 'Doubled yield',
  description: 'Twice what is sent.',
  input: z.strictObject({ yield: field }),
  output: z.object({ yield: field }),
  predict: (input) => ({ yield: input.yield * 2 }),
});

/** A model with an artifact. */
export const artifactModel = defineModel({
  name: 'learned-yield',
  version: '2.0.0',
  title: 'Learned yield',
  description: 'What a trained model makes of it.',
  input: z.strictObject({ yield: field }),
  output: z.object({ yield: field }),
  artifact: 'model.onnx',
  preprocess: (inputs) => [
    {
      name: 'yield',
      shape: [inputs.length, 1],
      datatype: 'FP32',
      data: inputs.map((input) => input.yield),
    },
  ],
  postprocess: (outputs) => (outputs[0]?.data ?? []).map((value) => ({ yield: Number(value) })),
});

/** A model whose input is an image, with an artifact. */
export const imageModel = defineModel({
  name: 'seen-yield',
  version: '1.0.0',
  title: 'Seen yield',
  description: 'What a picture shows.',
  input: z.strictObject({ photo: image({ description: 'A field', maxPixels: 10_000_000 }) }),
  output: z.object({ yield: field }),
  artifact: 'model.onnx',
  preprocess: (inputs) => [
    {
      name: 'width',
      shape: [inputs.length, 1],
      datatype: 'FP32',
      data: inputs.map(({ photo }) => photo.width),
    },
  ],
  postprocess: (outputs) => (outputs[0]?.data ?? []).map((value) => ({ yield: Number(value) })),
});

export const SERVERLESS = { mode: 'serverless', memoryMb: 3072, maxConcurrency: 7 } as const;

export const JWT = {
  kind: 'jwt',
  issuer: 'https://login.example',
  audience: 'models',
  jwksUrl: 'https://login.example/keys',
  requestsPerSecond: 20,
  burst: 40,
} as const;

export const FIREWALL = { perAddress: { requests: 2000 } } as const;

export const REALTIME = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 2, max: 6 },
  requestsPerSecondPerInstance: 100,
} as const;

/** The same without load: no instance at all. */
export const TO_ZERO = {
  ...REALTIME,
  instances: { min: 0, max: 6 },
  scaleToZero: { memoryMb: 1024 },
} as const;

export const ASYNCHRONOUS = {
  mode: 'asynchronous',
  instanceType: 'ml.c6i.large',
  instances: { max: 4 },
  backlogPerInstance: 5,
  maxConcurrentInvocationsPerInstance: 2,
  timeoutSeconds: 1200,
  maxWaitSeconds: 7200,
  expireDays: 3,
} as const;

export const CALLBACKS = { hosts: ['hooks.example.com', 'events.example.org'] };

export const BATCH = {
  instanceType: 'ml.c6i.xlarge',
  instances: 2,
  recordsPerRequest: 500,
  requestsPerInstance: 8,
  requestTimeoutSeconds: 120,
  maxHours: 6,
  expireDays: 10,
} as const;

/** A deployment with an availability of 99.5 % and a p95 of 800 ms. */
export function deploymentOf(
  hosting: DeploymentOptions['hosting'],
  others: Partial<DeploymentOptions> = {},
): Deployment {
  return defineDeployment({
    hosting,
    objectives: { availabilityPercent: 99.5, latencyP95Ms: 800 },
    // Instances only scale where more is let in than the fewest of them serve.
    access:
      hosting.mode === 'realtime'
        ? { kind: 'api-key', requestsPerSecond: 200, burst: 400 }
        : { kind: 'api-key', requestsPerSecond: 20, burst: 40 },
    ...others,
  });
}
