import { describe, expect, it } from 'vitest';
import { CODECS, codecProblems } from '../../../contract/tensors/codecs.ts';
import type { Tensor } from '../../../contract/tensors/tensors.ts';

const tensor = (change: Partial<Tensor> = {}): Tensor => ({
  name: 'soil',
  shape: [2, 2],
  datatype: 'FP32',
  data: [1, 2, 3, 4],
  ...change,
});

describe('tensors that a codec carries', () => {
  it.each(CODECS)('are tables of numbers: %s', (codec) => {
    expect(codecProblems(codec, [tensor(), tensor({ name: 'rain' })], 2)).toEqual([]);
  });

  it.each<[(typeof CODECS)[number], Partial<Tensor>]>([
    ['csv', { datatype: 'BOOL', data: [true, false, false, true] }],
    ['csv', { datatype: 'INT64', data: ['9007199254740991', 1, 2, 3] }],
    ['json', { datatype: 'BYTES', data: ['loam', 'clay', 'silt', '9007199254740993'] }],
    ['json', { shape: [2], data: [1, 2] }],
    ['json', { shape: [2, 1, 2] }],
    ['oip', { shape: [4], datatype: 'INT64', data: ['9007199254740993', 1, 2, 3] }],
  ])('%s: %j', (codec, change) => {
    expect(codecProblems(codec, [tensor(change)], 2)).toEqual([]);
  });
});

describe('tensors that a codec does not carry', () => {
  it.each(
    CODECS.flatMap((codec) =>
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
        (value) => [value, codec] as const,
      ),
    ),
  )('have %s in them: %s', (value, codec) => {
    expect(codecProblems(codec, [tensor({ data: [1, 2, value, 4] })], 2)).toEqual([
      `the tensor "soil" has ${value} at [2], and numbers are finite`,
    ]);
  });

  it.each(['csv', 'json'] as const)('have no row for each input: %s', (codec) => {
    expect(codecProblems(codec, [tensor()], 3)).toEqual([
      `the tensor "soil" has the shape [2, 2], and ${codec} sends a row for each of 3 inputs`,
    ]);
  });

  it.each(['csv', 'json'] as const)('have integers that no double holds: %s', (codec) => {
    const data = [1, '9007199254740993', 3, 4];
    expect(codecProblems(codec, [tensor({ datatype: 'INT64', data })], 2)).toEqual([
      `the tensor "soil" has an integer at [1] that ${codec} would round: it takes up to 2^53 - 1`,
    ]);
  });

  it.each([[[2]], [[2, 0]], [[2, 1, 2]]])('are no tables: csv %j', (shape) => {
    const data = Array.from({ length: shape.reduce((product, extent) => product * extent, 1) }, () => 1);
    expect(codecProblems('csv', [tensor({ shape, data })], 2)).toEqual([
      `the tensor "soil" has the shape [${shape.join(', ')}], and csv takes tables: [inputs, columns]`,
    ]);
  });

  it('hold text: csv', () => {
    const text = tensor({ name: 'site', shape: [1, 1], datatype: 'BYTES', data: ['Waseca'] });
    expect(codecProblems('csv', [text], 1)).toEqual([
      'the tensor "site" holds text, and csv takes numbers: encode it, or use json',
    ]);
  });

  it('are told all at once', () => {
    const both = [
      tensor({ shape: [2], data: [1, 2] }),
      tensor({ name: 'rain', data: [1, 2, 3, Number.NaN] }),
    ];
    expect(codecProblems('csv', both, 2)).toHaveLength(2);
  });
});
