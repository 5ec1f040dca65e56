import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONTAINERS } from '../../../bin/verify/combinations/parts.ts';
import { type DeploymentOptions, settingsFor } from '../../../contract/deployment/deployment.ts';
import { image } from '../../../contract/fields/image.ts';
import type { Model } from '../../../contract/model/model.ts';
import { batchProblems } from '../../../lib/validation/batch-problems.ts';
import { checkDeployments } from '../../../lib/validation/deployment-problems.ts';
import {
  artifactModel,
  BATCH,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';

const problems = (
  batch: DeploymentOptions['batch'],
  model: Model = artifactModel,
  hosting: DeploymentOptions['hosting'] = SERVERLESS,
) => {
  const settings = settingsFor(deploymentOf(hosting, batch === undefined ? {} : { batch }), 'dev');
  return batchProblems({ model, settings }, 'dev');
};

const ON_GPUS = {
  ...REALTIME,
  instanceType: 'ml.g5.xlarge',
  container: CONTAINERS['pytorch for GPUs'],
} as const;

describe('batches that can be deployed', () => {
  it('have no problems, and neither has a model without them', () => {
    expect(problems(BATCH)).toEqual([]);
    expect(problems(undefined)).toEqual([]);
    expect(problems(undefined, computedModel)).toEqual([]);
  });

  it('compute on the GPUs that the image is for', () => {
    expect(problems({ ...BATCH, instanceType: 'ml.g4dn.xlarge' }, artifactModel, ON_GPUS)).toEqual([]);
  });

  it('have room for the digest of an execution in the names of their jobs', () => {
    // furrow-dev-…-batch with a hyphen and 12 characters: 63.
    const longest = { ...artifactModel, name: 'm'.repeat(33) };

    expect(problems(BATCH, longest)).toEqual([]);
    expect(problems(BATCH, { ...longest, name: `${longest.name}m` })).toEqual([
      expect.stringContaining('51 characters of at most 50. Use a shorter name'),
    ]);
  });
});

describe('batches that make no sense', () => {
  it('are those of pure mathematics', () => {
    expect(problems(BATCH, computedModel)).toEqual([
      'batch runs an artifact in a transform job, and the model is pure mathematics. Leave batch out: its predict function can be called wherever the files are.',
    ]);
  });

  it('are those of images, which are no lines of text', () => {
    const photo = image({ description: 'A photograph', maxPixels: 1000 });
    const model = { ...artifactModel, input: z.strictObject({ photo }) } as Model;

    expect(problems(BATCH, model)).toEqual([expect.stringContaining('the model takes images')]);
  });

  it.each([
    ['ml.c7g.large', 'whose processor is Graviton'],
    ['ml.t2.medium', 'no burstable instances'],
  ])('are those on %s, %s', (instanceType, why) => {
    expect(problems({ ...BATCH, instanceType })).toEqual([
      expect.stringMatching(new RegExp(`^batch.instanceType is ${instanceType}.*${why}.*Use a type`)),
    ]);
  });

  it.each([
    ['ml.g4dn.xlarge', 'GPU'],
    ['ml.inf2.xlarge', 'accelerator'],
  ])('are those that would leave something of %s idle', (instanceType, idle) => {
    const batch = { ...BATCH, instanceType };

    expect(problems(batch)).toEqual([
      `batch.instanceType is ${instanceType}, whose ${idle} hosting.container, serving for CPUs, would leave idle. Use a type such as ml.c6i.large.`,
    ]);
    expect(problems(batch, artifactModel, { mode: 'lambda' })).toEqual([
      `batch.instanceType is ${instanceType}, whose ${idle} the model server, for CPUs, would leave idle. Use a type such as ml.c6i.large.`,
    ]);
  });

  it('are those on instances without the GPU that the image computes on', () => {
    expect(problems(BATCH, artifactModel, ON_GPUS)).toEqual([
      "batch.instanceType is ml.c6i.xlarge, which has no GPU, and hosting.container is pytorch for GPUs. Use a type such as ml.g5.xlarge, or processor: 'cpu'.",
    ]);
  });

  it('are told with every other problem, at the path of the stack', () => {
    const deployment = deploymentOf(SERVERLESS, { batch: { ...BATCH, instanceType: 'ml.c7g.large' } });
    const checked = {
      model: artifactModel,
      deployment,
      settings: settingsFor(deployment, 'dev'),
      artifactExists: false,
    };
    const check = () => checkDeployments([checked], { environment: 'dev', environments: ['dev'] });

    expect(check).toThrow('furrow-dev-learned-yield: batch.instanceType is ml.c7g.large');
    expect(check).toThrow('npm run train -- learned-yield');
  });
});
