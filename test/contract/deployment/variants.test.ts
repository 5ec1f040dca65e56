import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { defineDeployment } from '../../../contract/deployment/deployment.ts';
import {
  answeringVariants,
  furtherVariants,
  type variantsSchema,
} from '../../../contract/deployment/variants.ts';
import { ContractError } from '../../../contract/model/model.ts';

type VariantsOptions = z.input<typeof variantsSchema>;

const RIDGE = { name: 'ridge-2', weight: 10, artifact: 'ridge.onnx', version: '1.1.0' };
const FOREST = { name: 'forest', artifact: 'forest.onnx', version: '1.2.0' };

const declared = (variants: VariantsOptions) =>
  defineDeployment({ hosting: { mode: 'serverless' }, objectives: { latencyP95Ms: 300 }, variants }).variants;

function problemsOf(variants: unknown): readonly string[] {
  try {
    declared(variants as VariantsOptions);
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.problems;
  }
}

describe('the variants of a deployment', () => {
  it('are the champion, challengers by weight and shadows', () => {
    const variants = declared({ champion: { weight: 90 }, challengers: [RIDGE], shadows: [FOREST] });

    expect(answeringVariants({ version: '1.0.0' }, variants)).toEqual([
      { name: 'champion', version: '1.0.0', weight: 90 },
      { name: 'ridge-2', version: '1.1.0', weight: 10 },
    ]);
    expect(furtherVariants(variants)).toEqual([RIDGE, FOREST]);
    expect(variants?.shadowBudgetMs).toBe(100);
  });

  it('keep a weight of 0 what it is', () => {
    const variants = declared({
      champion: { weight: 0 },
      challengers: [RIDGE, { ...RIDGE, name: 'x', weight: 0 }],
    });

    expect(answeringVariants({ version: '1.0.0' }, variants).map(({ weight }) => weight)).toEqual([0, 10, 0]);
  });

  it('are the champion alone where none are declared', () => {
    expect(answeringVariants({ version: '1.0.0' }, undefined)).toEqual([
      { name: 'champion', version: '1.0.0', weight: 1 },
    ]);
    expect(furtherVariants(undefined)).toEqual([]);
    expect(furtherVariants(declared({ shadows: [FOREST] }))).toEqual([FOREST]);
  });

  it('may run another function of the model', () => {
    const simple = { name: 'simple', weight: 10, predict: 'simplified', version: '1.1.0' };

    expect(furtherVariants(declared({ champion: { weight: 90 }, challengers: [simple] }))).toEqual([simple]);
  });

  it.each([
    [
      'a name that is there twice',
      { champion: { weight: 1 }, challengers: [RIDGE], shadows: [{ ...FOREST, name: 'ridge-2' }] },
      'variants.shadows.0.name: "ridge-2" is there twice',
    ],
    [
      "the champion's name",
      { champion: { weight: 1 }, challengers: [{ ...RIDGE, name: 'champion' }] },
      'variants.challengers.0.name: is the name of the variant that model.ts declares (got "champion")',
    ],
    [
      'a name with a hosting mode in it, by which endpoints are told apart',
      { shadows: [{ ...FOREST, name: 'my-serverless' }] },
      'variants.shadows.0.name: holds the name of a hosting mode (lambda, serverless, realtime, asynchronous) (got "my-serverless")',
    ],
    [
      'challengers without a weight of the champion to compare theirs with',
      { challengers: [RIDGE] },
      'variants.champion: is needed beside challengers: weights are relative, as in { weight: 90 }',
    ],
    [
      'weights of nothing but 0',
      { champion: { weight: 0 }, challengers: [{ ...RIDGE, weight: 0 }] },
      'variants.champion.weight: and every other weight is 0: nobody would be answered',
    ],
    [
      'an artifact and a function at once',
      { shadows: [{ ...FOREST, predict: 'simplified' }] },
      'variants.shadows.0: is not a variant: it needs a name, a version, a weight if it is a challenger, and one of artifact and predict',
    ],
    [
      'a version that is none',
      { shadows: [{ ...FOREST, version: 'two' }] },
      'variants.shadows.0.version: is not a semantic version, such as 1.1.0 (got "two")',
    ],
  ])('can not have %s', (_, variants, problem) => {
    expect(problemsOf(variants)).toEqual([problem]);
  });

  it('can not have a weight below 0, nor a shadow one at all', () => {
    expect(problemsOf({ champion: { weight: -1 }, challengers: [RIDGE] })).toEqual([
      expect.stringMatching(/^variants\.champion\.weight: Too small/),
    ]);
    expect(problemsOf({ shadows: [{ ...FOREST, weight: 10 }] })).toHaveLength(1);
  });
});
