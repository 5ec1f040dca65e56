import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './assembly.ts';
import { smallProject } from './small-project.ts';

/** A number in, and a known multiple of it out: the variants tell themselves by what they answer. */
const contractOf = (name: string) => `
import { z } from 'zod';
import { defineModel, quantity } from '../../contract/index.ts';

const mass = quantity('kg', { description: 'A mass', example: 5, min: 0 });
const contract = {
  name: '${name}',
  version: '1.0.0',
  title: 'A multiple',
  description: 'A multiple of what is sent.',
  input: z.strictObject({ mass }),
  output: z.object({ mass }),
};
`;

const served = (name: string) => `${contractOf(name)}
export const model = defineModel({
  ...contract,
  artifact: 'twice.onnx',
  preprocess: (inputs) => [
    { name: 'x', shape: [inputs.length, 1], datatype: 'FP32', data: inputs.map(({ mass }) => mass) },
  ],
  postprocess: ([y]) => (y?.data ?? []).map((value) => ({ mass: Number(value) })),
});
`;

const computed = (name: string) => `${contractOf(name)}
const times = (factor: number) => (input: { mass: number }) => ({ mass: input.mass * factor });
export const thrice = times(3);
export const fourfold = times(4);
export const model = defineModel({ ...contract, predict: times(2) });
`;

const deploymentOf = (hosting: object, source: (name: string) => object) => `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment(${JSON.stringify({
  hosting,
  objectives: { latencyP95Ms: 800 },
  // The one instance of the model on instances can't be replaced in parts.
  rollout: { strategy: 'all-at-once' },
  variants: {
    champion: { weight: 50 },
    challengers: [{ name: 'thrice', version: '1.1.0', weight: 50, ...source('thrice') }],
    shadows: [{ name: 'fourfold', version: '1.2.0', ...source('fourfold') }],
    shadowBudgetMs: 2000,
  },
})});
`;

const SERVERLESS = { mode: 'serverless', memoryMb: 1024, maxConcurrency: 5 };
const REALTIME = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 1, max: 1 },
  requestsPerSecondPerInstance: 100,
};
const ASYNCHRONOUS = {
  mode: 'asynchronous',
  instanceType: 'ml.c6i.large',
  instances: { max: 2 },
  backlogPerInstance: 5,
};
const artifactOf = (name: string) => ({ artifact: `${name}.onnx` });
const predictOf = (name: string) => ({ predict: name });

function artifacts(model: string): Record<string, Buffer> {
  const names = ['twice.onnx', 'thrice.onnx', 'fourfold.onnx'];
  return Object.fromEntries(
    names.map((name) => [
      `${model}/artifacts/${name}`,
      readFileSync(join(ROOT, 'test/serving/fixtures', name)),
    ]),
  );
}

/**
 * A project whose models, one in each hosting mode, double what they are sent, with a challenger that takes it three times and a
 * shadow that takes it four times. @returns its folder, for the caller to remove
 */
export function variantsProject(name: string): string {
  return smallProject(name, {
    'in-function/model.ts': computed('in-function'),
    'in-function/deployment.ts': deploymentOf({ mode: 'lambda' }, predictOf),
    ...onEndpoints('spiky', SERVERLESS),
    ...onEndpoints('steady', REALTIME),
    ...onEndpoints('queued', ASYNCHRONOUS),
  });
}

function onEndpoints(model: string, hosting: object): Record<string, string | Buffer> {
  return {
    [`${model}/model.ts`]: served(model),
    [`${model}/deployment.ts`]: deploymentOf(hosting, artifactOf),
    ...artifacts(model),
  };
}
