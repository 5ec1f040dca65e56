import { describe, expect, it } from 'vitest';
import { variantSources } from '../../bin/variant-sources.ts';
import { settingsFor } from '../../contract/deployment/deployment.ts';
import { computedModel, deploymentOf } from '../lib/support/models.ts';

const shadow = (name: string, predict: string) => ({ name, version: '1.3.0', predict });
const { variants } = settingsFor(
  deploymentOf(
    { mode: 'lambda' },
    {
      variants: { shadows: [shadow('one', 'simplified'), shadow('two', 'other'), shadow('three', 'third')] },
    },
  ),
  'dev',
);
const sourcesOf = (functions: Record<string, (input: unknown) => unknown>) =>
  variantSources({
    model: computedModel,
    variants,
    functions: new Map(Object.entries(functions)),
    hasFile: () => false,
  });

describe('the functions that variants name', () => {
  it('fit where they answer the example of the model within its output', () => {
    const fine = (input: unknown) => input;
    expect(sourcesOf({ simplified: fine, other: fine, third: fine })).toEqual({ missing: [], unfit: [] });
  });

  it('do not fit where they answer something else, throw, or answer later', () => {
    const sources = sourcesOf({
      simplified: () => 42,
      other: () => {
        throw new TypeError('undefined is not a function');
      },
      third: async () => ({ yield: 1 }),
    });
    expect(sources).toEqual({ missing: [], unfit: ['simplified', 'other', 'third'] });
  });

  it('are missing where model.ts does not export them', () => {
    expect(sourcesOf({ simplified: (input) => input })).toEqual({ missing: ['other', 'third'], unfit: [] });
  });
});
