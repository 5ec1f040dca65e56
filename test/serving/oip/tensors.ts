import fc from 'fast-check';
import { DATATYPES, type Datatype } from '../../../contract/tensors/tensors.ts';
import { DATATYPE_RULES } from '../../../serving/oip/datatype-rules.ts';
import { elementCount, type Tensor } from '../../../serving/oip/tensor.ts';

/** Values as they stand in JSON, for each datatype: what a client would write. */
const VALUES: Record<Datatype, fc.Arbitrary<boolean | number | string>> = {
  BOOL: fc.boolean(),
  INT8: fc.integer({ min: -128, max: 127 }),
  INT16: fc.integer({ min: -32_768, max: 32_767 }),
  INT32: fc.integer(),
  INT64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  UINT8: fc.integer({ min: 0, max: 255 }),
  UINT16: fc.integer({ min: 0, max: 65_535 }),
  UINT32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  UINT64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  FP32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  FP64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  BYTES: fc.string({ unit: 'grapheme' }),
};

/** A tensor of the given datatype, trailing shape and number of rows. */
export function tensorOf(
  name: string,
  datatype: Datatype,
  trailing: readonly number[],
  rows: number,
): fc.Arbitrary<Tensor> {
  const shape = [rows, ...trailing];
  const length = elementCount(shape);
  return fc
    .array(VALUES[datatype], { minLength: length, maxLength: length })
    .map((values) => ({ name, datatype, shape, data: DATATYPE_RULES[datatype].read(values, name) }));
}

/** A tensor of any datatype and a shape of rank 1 to 3. */
export const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.string({ minLength: 1 }),
    fc.constantFrom(...DATATYPES),
    fc.nat({ max: 4 }),
    fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
  )
  .chain(([name, datatype, rows, trailing]) => tensorOf(name, datatype, trailing, rows));
