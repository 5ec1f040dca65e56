import type { Datatype } from '../../contract/tensors/tensors.ts';
import type { TensorData } from './datatype-rules.ts';
import { InferenceError } from './error.ts';

/** A named tensor. `data` is flat and row-major; its length is the product of `shape`. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** How many elements a shape holds: 1 for the shape of a scalar, []. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, dimension) => count * dimension, 1);
}

/**
 * The values of a tensor in JSON, which may be flat or nested as the shape says, as a flat array.
 *
 * @throws InferenceError 400 if values and shape don't agree.
 */
export function flatten(
  values: readonly unknown[],
  shape: readonly number[],
  where: string,
): readonly unknown[] {
  const nested = values.some(Array.isArray);
  const flat = nested ? flattenNested(values, shape, where) : values;
  const expected = elementCount(shape);
  if (flat.length !== expected) {
    throw new InferenceError(
      400,
      `${where}: shape [${shape.join(', ')}] holds ${expected} values, but data holds ${flat.length}`,
    );
  }
  return flat;
}

function flattenNested(values: readonly unknown[], shape: readonly number[], where: string): unknown[] {
  const flat: unknown[] = [];
  const visit = (level: readonly unknown[], depth: number): void => {
    if (level.length !== shape[depth]) throw raggedError(shape, where);
    for (const value of level) {
      if (Array.isArray(value) !== depth < shape.length - 1) throw raggedError(shape, where);
      if (Array.isArray(value)) visit(value, depth + 1);
      else flat.push(value);
    }
  };
  visit(values, 0);
  return flat;
}

function raggedError(shape: readonly number[], where: string): InferenceError {
  return new InferenceError(400, `${where}: nested data does not have the shape [${shape.join(', ')}]`);
}
