import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkImage } from '../../contract/images/image-check.ts';
import { IMAGE_FORMATS } from '../../contract/images/image-kind.ts';
import { ImageError, ReceivedImage } from '../../contract/images/received-image.ts';
import { decodeImage } from '../../imaging/decode-image.ts';

const { cases }: { readonly cases: readonly { readonly file: string }[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'oracle/matrix.json'), 'utf8'),
);

const FILES = cases.map(({ file }) => Buffer.from(file, 'base64'));
const LIMITS = { formats: IMAGE_FORMATS, maxPixels: 10_000, maxBytes: 100_000 };

/** A change of a file: some bytes in the place of some others, often as many. */
const edit = fc.oneof(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.nat(40),
    put: fc.uint8Array({ maxLength: 12 }),
  }),
  fc
    .record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      put: fc.uint8Array({ minLength: 1, maxLength: 3 }),
    })
    .map((overwritten) => ({ ...overwritten, removed: overwritten.put.length })),
);

function edited(
  file: Buffer,
  { at, removed, put }: { at: number; removed: number; put: Uint8Array },
): Buffer {
  const start = Math.floor(at * file.length);
  return Buffer.concat([file.subarray(0, start), put, file.subarray(start + removed)]);
}

/** What becomes of bytes: a picture whose pixels are all there, or the code of a fault. */
function outcome(file: Buffer): string {
  const image = checkImage(file, LIMITS);
  if (!(image instanceof ReceivedImage)) return image.code;
  try {
    const { width, height, rgb } = decodeImage(image, { longestSide: 10_000 });
    expect([width, height, rgb.length]).toEqual([image.width, image.height, image.width * image.height * 3]);
    return 'picture';
  } catch (error) {
    if (error instanceof ImageError) return error.code;
    throw error;
  }
}

const ENDS = [
  'picture',
  'not-an-image',
  'image-format-unsupported',
  'image-truncated',
  'image-corrupt',
  'image-too-many-pixels',
];

describe('a damaged file of any kind', () => {
  it('is a picture or a fault of the image, and nothing else', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (file, edits) => {
          const found = outcome(edits.reduce(edited, file));
          expect(ENDS).toContain(found);
          seen.add(found);
        },
      ),
      { numRuns: 1500 },
    );
    // The changes are neither so small that nothing is damaged nor so large that nothing is decoded.
    for (const end of ['picture', 'image-truncated', 'image-corrupt']) expect(seen, end).toContain(end);
  });

  it('that is cut off anywhere is never a picture', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.double({ min: 0, max: 0.97, noNaN: true }), (file, share) => {
        const end = file.toString('latin1').indexOf('behind the end');
        const whole = end < 0 ? file : file.subarray(0, end);
        expect(outcome(Buffer.from(whole.subarray(0, Math.floor(whole.length * share))))).not.toBe('picture');
      }),
      { numRuns: 500 },
    );
  });
});
