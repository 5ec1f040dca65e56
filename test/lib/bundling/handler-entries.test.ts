import { describe, expect, it } from 'vitest';
import { functionsOf, handlerEntry } from '../../../lib/bundling/handler-entries.ts';
import { FUNCTION_NAMES } from '../../../lib/functions/function-specs.ts';

describe('what is bundled for a model', () => {
  it('is what every model has, and the authorizer where its API takes tokens', () => {
    const source = { model: 'oats', predictor: 'endpoint' } as const;

    expect(functionsOf(source)).toEqual(FUNCTION_NAMES);
    expect(functionsOf({ ...source, authorizer: true })).toEqual([...FUNCTION_NAMES, 'authorize']);
  });

  it('has an authorizer that knows no way to the model', () => {
    const entry = handlerEntry({ model: 'oats', predictor: 'endpoint' }, 'authorize');

    expect(entry).toContain("from './lambda/handlers/authorize.ts'");
    expect(entry).not.toContain('predictorFor');
  });
});
