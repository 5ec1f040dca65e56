import type { ModelSignature } from '../oip/metadata.ts';
import type { Tensor } from '../oip/tensor.ts';
import { commonRows } from './concat.ts';

/**
 * Whether requests to a model may be joined: axis 0 of every input and output takes any size. That is the
 * convention for a batch axis; a model that uses a dynamic axis 0 for something else sets `maxBatchRows` to 1
 * in its model.json.
 */
export function isBatchable({ inputs, outputs }: ModelSignature): boolean {
  return [...inputs, ...outputs].every(({ shape }) => shape[0] === -1);
}

/**
 * Chooses which of the waiting requests make the next run: the oldest, and after it, in order of arrival, each
 * that can be joined with it while the rows stay within `maxRows`. A first request of more rows runs alone.
 *
 * @returns the indices of the chosen, ascending; empty if nothing waits
 */
export function planBatch(waiting: readonly (readonly Tensor[])[], maxRows: number): number[] {
  const [first] = waiting;
  if (!first) return [];
  const rows = commonRows(first);
  if (!rows) return [0];
  const kind = batchKind(first);
  const chosen = [0];
  let total = rows;
  for (let index = 1; index < waiting.length && total < maxRows; index++) {
    const candidate = waiting[index] ?? [];
    const added = commonRows(candidate);
    if (!added || total + added > maxRows || batchKind(candidate) !== kind) continue;
    chosen.push(index);
    total += added;
  }
  return chosen;
}

/** Equal for requests that can be joined: same names, datatypes and trailing shapes, in any order. */
function batchKind(tensors: readonly Tensor[]): string {
  const kinds = tensors.map(({ name, datatype, shape }) => [name, datatype, ...shape.slice(1)]);
  return JSON.stringify(kinds.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}
