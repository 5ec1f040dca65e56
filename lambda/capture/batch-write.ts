/** BatchWriteItem takes at most this many items (DynamoDB API reference, BatchWriteItem). */
export const BATCH_SIZE = 25;

/** Records in the portions that one BatchWriteItem takes, in their order. */
export function inBatches<R>(records: readonly R[]): readonly (readonly R[])[] {
  return Array.from({ length: Math.ceil(records.length / BATCH_SIZE) }, (_, index) =>
    records.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
}
