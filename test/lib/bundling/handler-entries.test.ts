import { describe, expect, it } from 'vitest';
import { functionNames, handlerEntry } from '../../../lib/bundling/handler-entries.ts';

const asynchronous = { model: 'oats', predictor: 'asynchronous' } as const;

describe('the handlers of an asynchronous model', () => {
  it.each([
    ['predict', 'submit'],
    ['health', 'observed-health'],
    ['complete', 'complete'],
    ['get-prediction', 'get-prediction'],
  ] as const)('%s is bound to lambda/handlers/%s.ts and asks no predictor', (name, handler) => {
    const entry = handlerEntry(asynchronous, name);

    expect(entry).toContain(`from './lambda/handlers/${handler}.ts'`);
    expect(entry).not.toContain('predictors/');
  });

  it('are those of every model, and the completion', () => {
    const others = functionNames({ model: 'oats', predictor: 'endpoint' });

    expect(functionNames(asynchronous)).toEqual([...others, 'complete']);
    expect(others).not.toContain('complete');
  });
});
