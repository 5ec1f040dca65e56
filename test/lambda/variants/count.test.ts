import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ProblemCode, ProblemError } from '../../../contract/problems/problems.ts';
import { countingErrors } from '../../../lambda/variants/count.ts';
import { countedByVariant } from '../support/counted.ts';

let counted: readonly string[];
beforeEach(() => {
  counted = countedByVariant();
});
afterEach(() => vi.restoreAllMocks());

async function failingWith(error: Error): Promise<void> {
  await expect(countingErrors('ridge', () => Promise.reject(error))).rejects.toBe(error);
}

describe('the count of errors of a variant', () => {
  it.each(['model-error', 'model-throttled', 'model-timeout', 'model-unavailable'] satisfies ProblemCode[])(
    'has %s',
    async (code) => {
      await failingWith(new ProblemError(code, 'Later.'));
      expect(counted).toEqual(['VariantErrors ridge 1']);
    },
  );

  it('has what nobody expected', async () => {
    await failingWith(new TypeError('undefined is not a function'));
    expect(counted).toEqual(['VariantErrors ridge 1']);
  });

  it.each(['invalid-input', 'payload-too-large'] satisfies ProblemCode[])(
    'has not %s, which is the fault of the request',
    async (code) => {
      await failingWith(new ProblemError(code, 'Send another one.'));
      expect(counted).toEqual([]);
    },
  );

  it('has no answer', async () => {
    expect(await countingErrors('ridge', async () => 6)).toBe(6);
    expect(counted).toEqual([]);
  });
});
