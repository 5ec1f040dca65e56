import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { image } from '../../../contract/fields/image.ts';
import { quantity } from '../../../contract/fields/quantity.ts';
import { type ArtifactModel, defineModel } from '../../../contract/model/model.ts';
import { ProblemError } from '../../../contract/problems/problems.ts';
import type { Tensor } from '../../../contract/tensors/tensors.ts';
import { decodeImage } from '../../../imaging/decode-image.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { logger } from '../../../lambda/observability.ts';
import { type PredictPorts, predict } from '../../../lambda/prediction/predict.ts';
import { endpointPredictor } from '../../../lambda/predictors/endpoint.ts';
import { asPng, inline, PLANT, picture, pngOf } from '../../imaging/pictures.ts';
import { countedByVariant } from '../support/counted.ts';
import { request } from '../support/ports.ts';

const input = z.strictObject({
  photo: image({ description: 'A photograph', maxPixels: 100, maxBytes: 1000, maxPerRequest: 3 }),
  second: image({ description: 'Another', maxPixels: 100 }).optional(),
});
const output = z.object({ width: quantity('1', { description: 'Pixels along', example: 4 }) });
let kept: unknown[];

/** Answers each photograph's width in pixels, from its tensor and from what is left of the input. */
const model: ArtifactModel<typeof input, typeof output> = defineModel({
  name: 'widths',
  version: '1.0.0',
  title: 'Widths',
  description: 'How wide a photograph is.',
  input,
  output,
  artifact: 'model.onnx',
  preprocess: (inputs) => {
    const rasters = inputs.flatMap(({ photo, second }) =>
      [photo, second].flatMap((one) => (one === undefined ? [] : [decodeImage(one, { longestSide: 50 })])),
    );
    return [
      {
        name: 'width',
        shape: [rasters.length, 1],
        datatype: 'INT32',
        data: rasters.map(({ width }) => width),
      },
    ];
  },
  postprocess: ([widths], inputs) => {
    kept.push(...inputs);
    return inputs.map((_, index) => ({ width: Number(widths?.data[index]) }));
  },
});

let captured: PredictionRecord[];
let ports: PredictPorts;

beforeEach(() => {
  captured = [];
  kept = [];
  countedByVariant();
  const echo = async (body: string) => {
    const { inputs } = JSON.parse(body) as { inputs: Tensor[] };
    return JSON.stringify({ outputs: inputs });
  };
  ports = {
    model,
    predictor: endpointPredictor(model, echo, 1_000_000),
    capture: async (records) => {
      captured.push(...records);
    },
    variant: 'champion',
    retentionDays: 10,
    now: () => 0,
    newId: () => 'ID',
  };
});
afterEach(() => vi.restoreAllMocks());

const ask = (body: unknown) => predict(ports, request({ body: JSON.stringify(body) }));

async function problemOf(answer: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await answer.then(
    () => 'answered',
    (reason) => reason,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`not a problem: ${error}`);
}

const file = asPng(picture(5, 4, () => PLANT));
const bomb = pngOf({ width: 5, height: 4 }, new Uint8Array(100_000));

describe('a prediction from an image', () => {
  it('is made from its pixels, and captured with its summary alone', async () => {
    const { body } = await ask({ input: { photo: inline(file) } });
    expect(body).toMatchObject({ prediction: { width: { value: 5, unit: '1' } } });
    const summary = {
      format: 'image/png',
      width: 5,
      height: 4,
      bytes: file.length,
      sha256: expect.any(String),
    };
    expect(captured[0]?.input).toEqual({ photo: summary });
    expect(kept).toEqual([{ photo: summary }]);
  });

  it('is logged without a byte of the image, whether it is answered or refused', async () => {
    const log = vi.spyOn(logger, 'info');
    await ask({ input: { photo: inline(file) } });
    await problemOf(ask({ input: { photo: inline(bomb) } }));
    expect(log).toHaveBeenCalled();
    expect(JSON.stringify(log.mock.calls)).not.toContain(file.toString('base64').slice(40, 60));
  });
});

describe('an image that can not be decoded', () => {
  it('is the client who is told, with the place', async () => {
    const problem = await problemOf(ask({ input: { photo: inline(bomb) } }));
    expect(problem.code).toBe('invalid-input');
    expect(problem.errors).toEqual([
      {
        path: '/input/photo',
        code: 'image-corrupt',
        detail: expect.stringContaining('its pixel data unpack to more than its size explains'),
      },
    ]);
    expect(captured).toEqual([]);
  });

  it('is named by its index in a list, and by its field', async () => {
    const inputs = [{ photo: inline(file) }, { photo: inline(file), second: inline(bomb) }];
    const { errors } = await problemOf(ask({ inputs }));
    expect(errors).toMatchObject([{ path: '/inputs/1/second', code: 'image-corrupt' }]);
  });
});

describe('the images of one request', () => {
  it('are as many as the field takes', async () => {
    const inputs = (count: number) => Array.from({ length: count }, () => ({ photo: inline(file) }));
    expect((await ask({ inputs: inputs(3) })).status).toBe(200);
    expect(await problemOf(ask({ inputs: inputs(4) }))).toMatchObject({
      code: 'too-many-inputs',
      message: expect.stringContaining('at most 3'),
    });
  });

  it('have no more pixels, and no more bytes, together than one alone may have', async () => {
    const half = { photo: inline(asPng(picture(10, 6, () => PLANT))) };
    expect((await ask({ inputs: [half] })).status).toBe(200);
    expect((await problemOf(ask({ inputs: [half, half] }))).errors).toMatchObject([
      {
        path: '/inputs',
        code: 'image-too-many-pixels',
        detail: expect.stringContaining('come to 120 pixels'),
      },
    ]);
    const padded = { photo: inline(Buffer.concat([file, Buffer.alloc(500)])) };
    expect((await problemOf(ask({ inputs: [padded, padded] }))).errors).toMatchObject([
      { path: '/inputs', code: 'image-too-many-bytes' },
    ]);
  });

  it('may be of several fields, each by itself within its limits', async () => {
    const photo = inline(asPng(picture(10, 6, () => PLANT)));
    expect((await ask({ input: { photo, second: photo } })).status).toBe(200);
  });
});
