import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembled, PayloadTooLarge, payloadsOf } from '../../../../local/sagemaker/transform/payloads.ts';

const texts = (
  body: string,
  split: 'None' | 'Line',
  strategy: 'SingleRecord' | 'MultiRecord',
  limitBytes = 0,
) => payloadsOf(Buffer.from(body), { split, strategy, limitBytes }).map(String);

describe('what an object comes to', () => {
  it('is the whole of it where it is not split', () => {
    expect(texts('a\nb\n', 'None', 'SingleRecord')).toEqual(['a\nb\n']);
  });

  it('is each of its lines', () => {
    expect(texts('a\nb\r\n\nc', 'Line', 'SingleRecord')).toEqual(['a\n', 'b\r\n', '\n', 'c']);
  });

  it('is as many lines as fit', () => {
    expect(texts('a\nbb\nccc\nd\n', 'Line', 'MultiRecord', 5)).toEqual(['a\nbb\n', 'ccc\n', 'd\n']);
    expect(texts('a\nbb\nccc\n', 'Line', 'MultiRecord')).toEqual(['a\nbb\nccc\n']);
  });

  it('is refused where a record is larger than a request may be', () => {
    expect(() => texts('abc', 'None', 'SingleRecord', 2)).toThrow(PayloadTooLarge);
    expect(() => texts('a\nbcd\n', 'Line', 'MultiRecord', 3)).toThrow('4 bytes of at most 3');
  });

  it('loses nothing, and keeps to the limit', () => {
    const strategy = fc.constantFrom('SingleRecord' as const, 'MultiRecord' as const);
    const lines = fc.array(fc.string({ maxLength: 9 }).map((line) => `${line.replaceAll('\n', '')}\n`));
    fc.assert(
      fc.property(lines, strategy, (all, how) => {
        const payloads = payloadsOf(Buffer.from(all.join('')), {
          split: 'Line',
          strategy: how,
          limitBytes: 40,
        });
        expect(Buffer.concat(payloads).toString()).toBe(all.join(''));
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(40);
      }),
    );
  });
});

describe('the object that answers come to', () => {
  const answers = ['{"a":1}', '{"a":2}'].map((text) => Buffer.from(text));

  it('has them one after another, or line by line', () => {
    expect(assembled(answers, 'None').toString()).toBe('{"a":1}{"a":2}');
    expect(assembled(answers, 'Line').toString()).toBe('{"a":1}\n{"a":2}\n');
  });
});
