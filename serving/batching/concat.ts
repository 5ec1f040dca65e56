import { DATATYPE_RULES } from '../oip/datatype-rules.ts';
import { elementCount, type Tensor } from '../oip/tensor.ts';

/** The size of axis 0 that all tensors share, or undefined if they have none in common. */
export function commonRows(tensors: readonly Tensor[]): number | undefined {
  const rows = tensors[0]?.shape[0];
  return tensors.every(({ shape }) => shape[0] === rows) ? rows : undefined;
}

/**
 * Joins requests along axis 0. All must have the same tensor names, each name with one datatype and one
 * trailing shape; the order of the tensors within a request may differ, and the first request's is kept.
 */
export function concatenate(requests: readonly (readonly Tensor[])[]): Tensor[] {
  const [first = []] = requests;
  return first.map((tensor) => {
    const parts = requests.map((tensors) => namedIn(tensors, tensor.name));
    const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    return {
      ...tensor,
      shape: [rows, ...tensor.shape.slice(1)],
      data: DATATYPE_RULES[tensor.datatype].join(parts.map(({ data }) => data)),
    };
  });
}

function namedIn(tensors: readonly Tensor[], name: string): Tensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found) throw new TypeError(`a request of the batch has no tensor "${name}"`);
  return found;
}

/**
 * Gives each request its rows of the joint outputs, in order.
 *
 * @returns undefined if some output does not have one row per input row: then the model does not treat axis 0
 *   as a batch, and its outputs belong to no request.
 */
export function split(outputs: readonly Tensor[], rowCounts: readonly number[]): Tensor[][] | undefined {
  const total = rowCounts.reduce((sum, rows) => sum + rows, 0);
  if (outputs.some(({ shape }) => shape[0] !== total)) return undefined;
  let start = 0;
  return rowCounts.map((rows) => {
    const from = start;
    start += rows;
    return outputs.map((output) => rowsOf(output, from, rows));
  });
}

function rowsOf(tensor: Tensor, first: number, count: number): Tensor {
  const trailing = tensor.shape.slice(1);
  const width = elementCount(trailing);
  const data = tensor.data.slice(first * width, (first + count) * width);
  return { ...tensor, shape: [count, ...trailing], data };
}
