import { describe, expect, it } from 'vitest';
import { functionsOf, handlerEntry, SHARED_ENTRIES } from '../../../lib/bundling/handler-entries.ts';
import { FUNCTION_NAMES } from '../../../lib/functions/function-specs.ts';

describe('what is bundled for a model', () => {
  it('is what every model has, the authorizer where its API takes tokens, the completion where answers come later, uploads where it takes images', () => {
    const source = { model: 'oats', predictor: 'endpoint' } as const;

    expect(functionsOf(source)).toEqual(FUNCTION_NAMES);
    expect(functionsOf({ ...source, authorizer: true })).toEqual([...FUNCTION_NAMES, 'authorize']);
    expect(functionsOf({ model: 'oats', predictor: 'asynchronous' })).toEqual([
      ...FUNCTION_NAMES,
      'complete',
    ]);
    expect(functionsOf({ ...source, uploads: true })).toEqual([...FUNCTION_NAMES, 'upload']);
    expect(functionsOf({ ...source, batch: true })).toEqual([
      ...FUNCTION_NAMES,
      'batch-prepare',
      'batch-finish',
    ]);
  });

  it('has an authorizer that knows no way to the model', () => {
    expect(SHARED_ENTRIES.authorize).toContain("from './lambda/handlers/authorize.ts'");
    expect(SHARED_ENTRIES.authorize).not.toMatch(/predictorFor|models\//);
  });
});

describe('the handlers of a model that takes images', () => {
  const onnx = { model: 'oats', predictor: 'onnx', artifact: 'model.onnx', uploads: true } as const;
  const served = { model: 'oats', predictor: 'endpoint', uploads: true } as const;
  const variants = [{ name: 'ridge-2', version: '1.1.0', artifact: 'ridge.onnx' }];

  it('read uploads where they predict, and nowhere else', () => {
    expect(handlerEntry(onnx, 'predict')).toContain('{ uploads: s3Uploads() });');
    expect(handlerEntry(served, 'predict')).toContain(
      'createHandler(model, predictorFor(model), { uploads: s3Uploads() });',
    );
    expect(handlerEntry({ ...served, variants }, 'predict')).toContain('{ uploads: s3Uploads(), further });');
    expect(handlerEntry({ model: 'oats', predictor: 'asynchronous', uploads: true }, 'predict')).toContain(
      'createHandler(model, s3Uploads());',
    );
    for (const name of ['health', 'feedback', 'upload'] as const) {
      expect(handlerEntry(onnx, name)).not.toContain('s3Uploads');
    }
    expect(handlerEntry({ ...served, uploads: false }, 'predict')).not.toContain('s3Uploads');
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
