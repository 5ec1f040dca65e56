import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ArtifactModel, defineModel } from '../../../contract/model/model.ts';
import type { Tensor } from '../../../contract/tensors/tensors.ts';
import { predictorFor } from '../../../lambda/predictors/onnx.ts';
import { runtimeFile } from '../../../lib/bundling/model-files.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { request } from '../support/ports.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const runtime = pathToFileURL(runtimeFile());
const fixture = (name: string) => pathToFileURL(join(ROOT, 'test/serving/fixtures', `${name}.onnx`));

const number = (example: number) => z.number().meta({ description: 'A number', examples: [example] });

/** A quotient of two numbers, computed in float32 by `divide.onnx`; `changes` break it. */
function division(changes: { example?: number; rows?: (rows: number) => number } = {}): ArtifactModel {
  const { example = 2, rows = (count) => count } = changes;
  const column = (name: string, data: number[]): Tensor => ({
    name,
    shape: [data.length, 1],
    datatype: 'FP32',
    data,
  });
  return defineModel({
    name: 'division',
    version: '1.0.0',
    title: 'Division',
    description: 'x / y',
    input: z.strictObject({ x: number(1), y: number(example) }),
    output: z.object({ quotient: number(0.5) }),
    artifact: 'model.onnx',
    preprocess: (inputs) => [
      column(
        'x',
        inputs.map(({ x }) => x),
      ),
      column(
        'y',
        inputs.map(({ y }) => y),
      ),
    ],
    postprocess: ([quotient]) =>
      (quotient?.data ?? [])
        .slice(0, rows(quotient?.data.length ?? 0))
        .map((value) => ({ quotient: Number(value) })),
  });
}

const loaded = (model: ArtifactModel = division()) =>
  predictorFor(model, { model: fixture('divide'), runtime });

describe('a model inside the function', () => {
  it('answers every input of a request, in order', async () => {
    const predictor = await loaded();
    const inputs = [
      { x: 1, y: 4 },
      { x: 9, y: 3 },
    ];
    expect(await predictor.predict(inputs, request())).toEqual([{ quotient: 0.25 }, { quotient: 3 }]);
  });

  it('takes strings', async () => {
    const artifact = pathToFileURL(join(ROOT, 'models/barley-yield/artifacts/model.onnx'));
    const predictor = await predictorFor(barley, { model: artifact, runtime });
    const [answer] = await predictor.predict([{ variety: 'Trebi', site: 'Waseca' }], request());
    expect(Number(answer?.yield)).toBeCloseTo(3147.28, 1);
  });

  it.each([
    ['divides by zero', { x: 1, y: 0 }],
    ['gets a number beyond float32', { x: 1e39, y: 1 }],
  ])('answers model-error where it %s, and names no value', async (_, input) => {
    const predictor = await loaded();
    const failure = predictor.predict([input], request());
    await expect(failure).rejects.toMatchObject({
      code: 'model-error',
      cause: { message: expect.not.stringContaining('1e+39') },
    });
  });

  it('answers model-error where its answers do not fit the inputs', async () => {
    const predictor = await loaded(division({ rows: (count) => (count > 1 ? count - 1 : count) }));
    const inputs = [
      { x: 1, y: 4 },
      { x: 9, y: 3 },
    ];
    await expect(predictor.predict(inputs, request())).rejects.toMatchObject({ code: 'model-error' });
  });

  it("keeps ONNX Runtime's details, which can hold values, out of the log", async () => {
    const artifact = pathToFileURL(join(ROOT, 'models/barley-yield/artifacts/model.onnx'));
    const predictor = await predictorFor(barley, { model: artifact, runtime });
    const failure = predictor.predict([{ variety: 'Golden Promise', site: 'Waseca' }], request());
    await expect(failure).rejects.toMatchObject({
      code: 'model-error',
      cause: { message: expect.stringMatching(/OneHotEncoder node\. Name:'OneHotEncoder'$/) },
    });
  });
});

describe('a function whose model is not usable', () => {
  it('does not start where the model fails on its own example', async () => {
    await expect(loaded(division({ example: 0 }))).rejects.toThrow('not finite');
  });

  it('does not start where the artifact is no model', async () => {
    const files = { model: pathToFileURL(join(ROOT, 'package.json')), runtime };
    await expect(predictorFor(division(), files)).rejects.toThrow();
  });

  it('does not start where the artifact takes other inputs', async () => {
    await expect(predictorFor(division(), { model: fixture('sum'), runtime })).rejects.toThrow();
  });
});
