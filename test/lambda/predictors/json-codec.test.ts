import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../contract/tensors/tensors.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';

const json = codecNamed('json');
const sent = (inputs: readonly Tensor[], rows: number) => JSON.parse(json.encode('id', inputs, rows));
const answered = (predictions: unknown, rows: number) => json.decode(JSON.stringify({ predictions }), rows);

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
const tensors = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return fc
    .array(finite, { minLength: length, maxLength: length })
    .map((data): Tensor => ({ name: 'predictions', shape, datatype: 'FP64', data }));
});

describe('a request in JSON', () => {
  it('has the rows of the only tensor as instances', () => {
    const tensor: Tensor = { name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] };
    expect(sent([tensor], 2)).toEqual({
      instances: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(json.contentType).toBe('application/json');
  });

  it('has as many lists in a row as the tensor has further dimensions', () => {
    const scalars: Tensor = { name: 'x', shape: [2], datatype: 'FP32', data: [1, 2] };
    const image: Tensor = { name: 'x', shape: [1, 2, 2, 1], datatype: 'UINT8', data: [1, 2, 3, 4] };
    expect(sent([scalars], 2)).toEqual({ instances: [1, 2] });
    expect(sent([image], 1)).toEqual({
      instances: [
        [
          [[1], [2]],
          [[3], [4]],
        ],
      ],
    });
  });

  it('has objects by the names of several tensors, text and truth among them', () => {
    const rain: Tensor = { name: 'rain', shape: [2, 1], datatype: 'FP32', data: [400, 500] };
    const site: Tensor = { name: 'site', shape: [2], datatype: 'BYTES', data: ['Waseca', 'Morris'] };
    const dry: Tensor = { name: 'dry', shape: [2], datatype: 'BOOL', data: [true, false] };
    expect(sent([rain, site, dry], 2)).toEqual({
      instances: [
        { rain: [400], site: 'Waseca', dry: true },
        { rain: [500], site: 'Morris', dry: false },
      ],
    });
  });

  it('has integers that came as digits as numbers', () => {
    const tensor: Tensor = { name: 'x', shape: [1, 2], datatype: 'INT64', data: ['12', 3] };
    expect(sent([tensor], 1)).toEqual({ instances: [[12, 3]] });
  });

  it('refuses what JSON would turn into null', () => {
    const tensor: Tensor = { name: 'x', shape: [1, 1], datatype: 'FP32', data: [Number.POSITIVE_INFINITY] };
    expect(() => json.encode('id', [tensor], 1)).toThrow('the tensor "x" has Infinity at [0]');
  });
});

describe('an answer in JSON', () => {
  it('is one tensor where its rows name nothing', () => {
    expect(
      answered(
        [
          [0.25, 0.75],
          [1, 0],
        ],
        2,
      ),
    ).toEqual([{ name: 'predictions', shape: [2, 2], datatype: 'FP64', data: [0.25, 0.75, 1, 0] }]);
    expect(answered([3, 4], 2)).toEqual([
      { name: 'predictions', shape: [2], datatype: 'FP64', data: [3, 4] },
    ]);
  });

  it('is a tensor for each name', () => {
    expect(
      answered(
        [
          { score: 0.1, label: 'low', sure: false },
          { label: 'high', score: 0.9, sure: true },
        ],
        2,
      ),
    ).toEqual([
      { name: 'score', shape: [2], datatype: 'FP64', data: [0.1, 0.9] },
      { name: 'label', shape: [2], datatype: 'BYTES', data: ['low', 'high'] },
      { name: 'sure', shape: [2], datatype: 'BOOL', data: [false, true] },
    ]);
  });

  it.each<[string, string]>([
    ['oops', 'the body is not JSON (4 bytes)'],
    ['{"predictions": [NaN, 1]}', 'the body is not JSON (25 bytes)'],
    ['{"outputs": []}', 'predictions'],
    ['{"predictions": [null, 1]}', 'predictions'],
    ['{"predictions": [1]}', 'the body has 1 predictions for 2 inputs'],
    ['{"predictions": [[1, 2], [3]]}', '"predictions" has lists of different lengths'],
    ['{"predictions": [[1], [[3]]]}', '"predictions" has'],
    ['{"predictions": [[[1]], [3]]}', '"predictions" is deeper in some rows than in others'],
    ['{"predictions": [1, "2"]}', '"predictions" mixes types'],
    ['{"predictions": [1, 1e999]}', 'predictions'],
    ['{"predictions": [{"score": 1}, {"label": 2}]}', 'prediction 1 has other names than the first'],
    ['{"predictions": [{"score": 1}, 2]}', 'prediction 1 has other names than the first'],
  ])('%s is none: %s', (body, message) => {
    expect(() => json.decode(body, 2)).toThrow(message);
  });
});

describe('JSON', () => {
  it('brings tensors of every shape back as they were', () => {
    fc.assert(
      fc.property(tensors, (tensor) => {
        const [rows = 0] = tensor.shape;
        const { instances } = sent([tensor], rows);
        expect(answered(instances, rows)).toEqual([tensor]);
      }),
    );
  });
});
