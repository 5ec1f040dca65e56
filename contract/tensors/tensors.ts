/**
 * Element types of the Open Inference Protocol V2 that its JSON can carry. FP16 and BF16 have no form in it: a model casts them.
 */
export const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP32',
  'FP64',
  'BYTES',
] as const;

export type Datatype = (typeof DATATYPES)[number];

/** One named tensor, its elements flattened in row-major order. */
export interface Tensor {
  readonly name: string;
  /** The first dimension is the batch. */
  readonly shape: readonly number[];
  readonly datatype: Datatype;
  readonly data: readonly (number | string | boolean)[];
}
