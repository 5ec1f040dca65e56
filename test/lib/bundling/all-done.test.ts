import { describe, expect, it } from 'vitest';
import { allDone } from '../../../lib/bundling/all-done.ts';

describe('work that is done together', () => {
  it('gives every result', async () => {
    expect(await allDone([Promise.resolve(1), 'two'])).toEqual([1, 'two']);
  });

  it('fails with its first error, once the rest has come to an end', async () => {
    const ended: string[] = [];
    let end = () => {};
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    }).then(() => ended.push('slow'));
    const work = allDone([Promise.reject(new Error('first')), slow, Promise.reject(new Error('second'))]);
    const seen = work.catch((error: Error) => ended.push(error.message));
    end();
    await seen;

    expect(ended).toEqual(['slow', 'first']);
  });
});
