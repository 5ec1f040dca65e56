import { describe, expect, it } from 'vitest';
import { type DeploymentOptions, settingsFor } from '../../../contract/deployment/deployment.ts';
import type { Model } from '../../../contract/model/model.ts';
import { variantProblems } from '../../../lib/validation/variant-problems.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';

type Variant = Readonly<Record<'name' | 'version', string>> & ({ artifact: string } | { predict: string });

const FOREST: Variant = { name: 'forest', version: '2.1.0', artifact: 'forest.onnx' };
const SIMPLE: Variant = { name: 'simple', version: '1.3.0', predict: 'simplified' };

function problemsOf(
  model: Model,
  hosting: DeploymentOptions['hosting'],
  variant: Variant,
  variantSources: { missing?: readonly string[]; unfit?: readonly string[] } = {},
  environment = 'dev',
): readonly string[] {
  const deployment = deploymentOf(hosting, {
    variants: { champion: { weight: 90 }, challengers: [{ ...variant, weight: 10 }] },
  });
  const checked = {
    model,
    settings: settingsFor(deployment, environment),
    variantSources: { missing: [], unfit: [], ...variantSources },
  };
  return variantProblems(checked, environment);
}

describe('variants that can be deployed', () => {
  it.each([
    ['another artifact on serverless', artifactModel, SERVERLESS, FOREST],
    ['another artifact on instances', artifactModel, REALTIME, FOREST],
    ['another artifact behind a queue', artifactModel, ASYNCHRONOUS, FOREST],
    ['another function of the model', computedModel, { mode: 'lambda' }, SIMPLE],
  ] as const)('have no problems: %s', (_, model, hosting, variant) => {
    expect(problemsOf(model, hosting, variant)).toEqual([]);
  });
});

describe('variants that can not be deployed', () => {
  it('have an artifact that is not there', () => {
    expect(problemsOf(artifactModel, SERVERLESS, FOREST, { missing: ['forest.onnx'] })).toEqual([
      'models/learned-yield/artifacts/forest.onnx, of the variant "forest", does not exist. Put it there, or correct its name.',
    ]);
  });

  it('name a function that model.ts does not export', () => {
    expect(problemsOf(computedModel, { mode: 'lambda' }, SIMPLE, { missing: ['simplified'] })).toEqual([
      'models/doubled-yield/model.ts exports no function "simplified", which the variant "simple" names. Export it, or correct its name.',
    ]);
  });

  it('name a function that is no predict of the model', () => {
    expect(problemsOf(computedModel, { mode: 'lambda' }, SIMPLE, { unfit: ['simplified'] })).toEqual([
      `the function "simplified" of the variant "simple" does not answer the model's example as its output promises. Give it the signature and the units of the model's own predict.`,
    ]);
  });

  it('are of the other kind than the model', () => {
    expect(problemsOf(artifactModel, SERVERLESS, { ...SIMPLE, version: '2.0.1' })).toEqual([
      'the variant "simple" names a predict, and the model has an artifact. Name an artifact.',
    ]);
    expect(problemsOf(computedModel, { mode: 'lambda' }, { ...FOREST, version: '1.9.0' })).toEqual([
      'the variant "forest" names an artifact, and the model is pure mathematics. Name a predict that model.ts exports.',
    ]);
  });

  it('bring a second artifact into the function', () => {
    expect(problemsOf(artifactModel, { mode: 'lambda' }, FOREST)).toEqual([
      `the variant "forest" brings an artifact, and hosting "lambda" runs one artifact only. Use { mode: 'serverless' } or { mode: 'realtime', … }, or leave the variant out.`,
    ]);
  });

  it('break the contract by their major version', () => {
    expect(problemsOf(artifactModel, SERVERLESS, { ...FOREST, version: '3.0.0' })).toEqual([
      'the variant "forest" has the version 3.0.0, and answers under the contract of 2.0.0. Give it a version with the major 2, or make it a model of its own.',
    ]);
  });

  it('would have an endpoint whose name SageMaker does not take', () => {
    expect(problemsOf(artifactModel, SERVERLESS, FOREST, {}, 'an-environment-with-a-name')).toEqual([
      'the endpoint of the variant "forest" would be named furrow-an-environment-with-a-name-learned-yield-serverless-forest-xxxxxxxx, which has 74 characters of at most 63. Use a shorter name for it.',
    ]);
    expect(problemsOf(artifactModel, ASYNCHRONOUS, FOREST, {}, 'environment-2')).toEqual([
      'the endpoint of the variant "forest" would be named furrow-environment-2-learned-yield-asynchronous-forest-c6i-large, which has 64 characters of at most 63. Use a shorter name for it.',
    ]);
  });
});
