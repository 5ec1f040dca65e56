import { describe, expect, it } from 'vitest';
import { functionsOf, handlerEntry } from '../../../lib/bundling/handler-entries.ts';
import { FUNCTION_NAMES } from '../../../lib/functions/function-specs.ts';

describe('what is bundled for a model', () => {
  it('is what every model has, the authorizer where its API takes tokens, the completion where answers come later', () => {
    const source = { model: 'oats', predictor: 'endpoint' } as const;

    expect(functionsOf(source)).toEqual(FUNCTION_NAMES);
    expect(functionsOf({ ...source, authorizer: true })).toEqual([...FUNCTION_NAMES, 'authorize']);
    expect(functionsOf({ model: 'oats', predictor: 'asynchronous' })).toEqual([
      ...FUNCTION_NAMES,
      'complete',
    ]);
    expect(functionsOf({ ...source, batch: true })).toEqual([
      ...FUNCTION_NAMES,
      'batch-prepare',
      'batch-finish',
    ]);
  });

  it('has an authorizer that knows no way to the model', () => {
    const entry = handlerEntry({ model: 'oats', predictor: 'endpoint' }, 'authorize');

    expect(entry).toContain("from './lambda/handlers/authorize.ts'");
    expect(entry).not.toContain('predictorFor');
  });
});

describe('the handlers of an asynchronous model', () => {
  it.each([
    ['predict', 'submit'],
    ['health', 'observed-health'],
    ['complete', 'complete'],
    ['get-prediction', 'get-prediction'],
  ] as const)('%s is bound to lambda/handlers/%s.ts and asks no predictor', (name, handler) => {
    const entry = handlerEntry({ model: 'oats', predictor: 'asynchronous' }, name);

    expect(entry).toContain(`from './lambda/handlers/${handler}.ts'`);
    expect(entry).not.toContain('predictors/');
  });
});
