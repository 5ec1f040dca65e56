import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_SIZE, inBatches } from '../../../lambda/capture/batch-write.ts';

describe('inBatches', () => {
  it('has every record once, in order, in as few batches as BatchWriteItem allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 200 }), (records) => {
        const batches = inBatches(records);
        expect(batches.flat()).toEqual(records);
        expect(batches).toHaveLength(Math.ceil(records.length / BATCH_SIZE));
        expect(batches.every(({ length }) => length >= 1 && length <= 25)).toBe(true);
      }),
    );
  });
});
