import { describe, expect, it } from 'vitest';
import { type HandlerSource, handlerEntry } from '../../../lib/bundling/handler-entries.ts';
import { FUNCTION_SPECS, type FunctionName } from '../../../lib/features/functions.ts';
import { NO_GOLDEN } from '../support/project.ts';

const OATS = { model: 'oats', golden: NO_GOLDEN };

describe('what is bundled for a model', () => {
  it.each(['authorize', 'notify'] as const)('has a function %s that knows no way to the model', (name) => {
    const { code, modules } = handlerEntry({ ...OATS, predictor: 'asynchronous' }, FUNCTION_SPECS[name]);

    expect(modules).toEqual([`lambda/handlers/${name}.ts`]);
    expect(code).toContain(`from './lambda/handlers/${name}.mjs'`);
    expect(code).not.toMatch(/predictorFor|model\.mjs/);
  });
});

const codeOf = (source: HandlerSource, name: FunctionName) => handlerEntry(source, FUNCTION_SPECS[name]).code;

describe('the handlers of a model that takes images', () => {
  const onnx = { ...OATS, predictor: 'onnx', artifact: 'model.onnx', uploads: true } as const;
  const served = { ...OATS, predictor: 'endpoint', uploads: true } as const;
  const variants = [{ name: 'ridge-2', version: '1.1.0', artifact: 'ridge.onnx' }];

  it('read uploads where they predict, and nowhere else', () => {
    expect(codeOf(onnx, 'predict')).toContain('{ uploads: s3Uploads() });');
    expect(codeOf(served, 'predict')).toContain(
      'createHandler(model, predictorFor(model), { uploads: s3Uploads() });',
    );
    expect(codeOf({ ...served, variants }, 'predict')).toContain(
      '{ uploads: s3Uploads(), further: variantPredictors(model, {}) });',
    );
    expect(codeOf({ ...OATS, predictor: 'asynchronous', uploads: true }, 'predict')).toContain(
      'createHandler(model, s3Uploads());',
    );
    for (const name of ['health', 'feedback', 'upload'] as const) {
      expect(codeOf(onnx, name)).not.toContain('s3Uploads');
    }
    expect(codeOf({ ...served, uploads: false }, 'predict')).not.toContain('s3Uploads');
  });
});

describe('the handlers of an asynchronous model', () => {
  it.each([
    ['predict', 'submit'],
    ['health', 'observed-health'],
    ['complete', 'complete'],
    ['get-prediction', 'get-prediction'],
  ] as const)('%s is bound to lambda/handlers/%s.ts and asks no predictor', (name, handler) => {
    const { code, modules } = handlerEntry({ ...OATS, predictor: 'asynchronous' }, FUNCTION_SPECS[name]);

    expect(modules).toEqual([`lambda/handlers/${handler}.ts`]);
    expect(code).toContain(`from './lambda/handlers/${handler}.mjs'`);
  });
});
