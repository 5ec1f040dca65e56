import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATATYPES } from '../../../contract/tensors/tensors.ts';
import { commonRows, concatenate, split } from '../../../serving/batching/concat.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';
import { tensorOf } from '../oip/tensors.ts';

/** Requests of the same kind: two tensors each, with their own numbers of rows. */
const requests = fc
  .tuple(
    fc.constantFrom(...DATATYPES),
    fc.constantFrom(...DATATYPES),
    fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
    fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }),
  )
  .chain(([first, second, trailing, rowCounts]) =>
    fc.tuple(
      ...rowCounts.map((rows) =>
        fc.tuple(tensorOf('a', first, trailing, rows), tensorOf('b', second, [], rows)),
      ),
    ),
  );

describe('a batch', () => {
  it('splits into what it was joined from', () => {
    fc.assert(
      fc.property(requests, (parts) => {
        const rowCounts = parts.map((tensors) => commonRows(tensors) ?? -1);
        expect(split(concatenate(parts), rowCounts)).toEqual(parts);
      }),
    );
  });

  it('has the rows of all requests, in order', () => {
    const first: Tensor = { name: 'x', datatype: 'INT64', shape: [1, 2], data: new BigInt64Array([1n, 2n]) };
    const second: Tensor = {
      name: 'x',
      datatype: 'INT64',
      shape: [2, 2],
      data: new BigInt64Array([3n, 4n, 5n, 6n]),
    };
    expect(concatenate([[first], [second]])).toEqual([
      { name: 'x', datatype: 'INT64', shape: [3, 2], data: new BigInt64Array([1n, 2n, 3n, 4n, 5n, 6n]) },
    ]);
  });

  it('joins tensors by name, not by position', () => {
    const a = (value: string): Tensor => ({ name: 'a', datatype: 'BYTES', shape: [1], data: [value] });
    const b = (value: string): Tensor => ({ name: 'b', datatype: 'BYTES', shape: [1], data: [value] });
    const joined = concatenate([
      [a('1'), b('2')],
      [b('4'), a('3')],
    ]);
    expect(joined.map(({ data }) => data)).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
  });

  it('does not split an output that has not one row per input row', () => {
    const total: Tensor = { name: 'y', datatype: 'FP32', shape: [1], data: new Float32Array([7]) };
    expect(split([total], [1, 1])).toBeUndefined();
    expect(split([{ ...total, shape: [] }], [1])).toBeUndefined();
  });
});

describe('the rows of a request', () => {
  it('are those that all its tensors have', () => {
    const x: Tensor = { name: 'x', datatype: 'FP32', shape: [2], data: new Float32Array(2) };
    expect(commonRows([x, { ...x, name: 'y' }])).toBe(2);
    expect(commonRows([x, { ...x, name: 'y', shape: [1, 2] }])).toBeUndefined();
    expect(commonRows([{ ...x, shape: [] }])).toBeUndefined();
  });
});
