import { describe, expect, it } from 'vitest';
import { isBatchable, planBatch } from '../../../serving/batching/plan.ts';
import type { TensorMetadata } from '../../../serving/oip/metadata.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';

const rows = (count: number, name = 'x'): Tensor[] => [
  { name, datatype: 'FP32', shape: [count, 1], data: new Float32Array(count) },
];
const wide = (count: number): Tensor[] => [
  { name: 'x', datatype: 'FP32', shape: [count, 2], data: new Float32Array(count * 2) },
];

describe('the next run', () => {
  it('is nothing when nothing waits', () => {
    expect(planBatch([], 8)).toEqual([]);
  });

  it('takes what waits, up to the row limit', () => {
    expect(planBatch([rows(2), rows(3), rows(3), rows(1)], 8)).toEqual([0, 1, 2]);
  });

  it('passes over a request that would exceed the limit and takes a smaller one behind it', () => {
    expect(planBatch([rows(2), rows(7), rows(3)], 8)).toEqual([0, 2]);
  });

  it('begins with the oldest and leaves requests of another kind for later', () => {
    expect(planBatch([wide(1), rows(1), wide(1), rows(1, 'z')], 8)).toEqual([0, 2]);
  });

  it('takes a request of more rows than the limit alone', () => {
    expect(planBatch([rows(9), rows(1)], 8)).toEqual([0]);
  });

  it('takes one request at a time at a limit of 1', () => {
    expect(planBatch([rows(1), rows(1)], 1)).toEqual([0]);
    expect(planBatch([rows(0), rows(1)], 1)).toEqual([0]);
  });

  it('joins requests that name their tensors in another order', () => {
    const [x] = rows(1);
    const [y] = rows(1, 'y');
    if (!x || !y) throw new Error('no tensors');
    expect(
      planBatch(
        [
          [x, y],
          [y, x],
        ],
        8,
      ),
    ).toEqual([0, 1]);
  });

  it('takes a request alone whose tensors have no rows in common', () => {
    const uneven = [...rows(1), ...rows(2, 'y')];
    expect(planBatch([uneven, uneven], 8)).toEqual([0]);
    expect(planBatch([rows(1), uneven, rows(1)], 8)).toEqual([0, 2]);
  });
});

describe('a model', () => {
  const of = (shape: readonly number[]): TensorMetadata => ({ name: 'x', datatype: 'FP32', shape });

  it('is batchable if axis 0 of every tensor takes any size', () => {
    expect(isBatchable({ inputs: [of([-1, 2])], outputs: [of([-1])] })).toBe(true);
    expect(isBatchable({ inputs: [of([-1, 2])], outputs: [of([1])] })).toBe(false);
    expect(isBatchable({ inputs: [of([])], outputs: [of([-1])] })).toBe(false);
  });
});
