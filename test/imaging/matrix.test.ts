import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkImage } from '../../contract/images/image-check.ts';
import { IMAGE_FORMATS } from '../../contract/images/image-kind.ts';
import { ImageError, ReceivedImage } from '../../contract/images/received-image.ts';
import { decodeImage } from '../../imaging/decode-image.ts';

interface Case {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly file: string;
  readonly rgb: string;
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'oracle/matrix.json'), 'utf8'),
);

/**
 * Levels by which a JPEG may differ from what libjpeg-turbo finds: where decoders round a sample of light and one of colour
 * apart by one each, blue is apart by 1 + 1.772. The pictures' colours change by so little a pixel that spreading halved ones
 * differently adds nothing to that.
 */
const JPEG_LEVELS = 3;

/**
 * The decoder reads scans of one component to the end of their last restart interval, and takes what follows for damage where
 * the frame has blocks there that the scan leaves out.
 */
const REFUSED = 'jpeg-420-progressive-restart-2-17x19';

function decoded({ file }: Case) {
  const limits = { formats: IMAGE_FORMATS, maxPixels: 10_000, maxBytes: 100_000 };
  const image = checkImage(Buffer.from(file, 'base64'), limits);
  if (!(image instanceof ReceivedImage)) throw new Error(`refused: ${image.detail}`);
  return decodeImage(image, { longestSide: 100 });
}

describe('what Pillow finds in the same file is decoded', () => {
  it.each(cases.filter(({ name }) => name !== REFUSED).map((one) => [one.name, one] as const))(
    'from %s',
    (name, one) => {
      const { width, height, rgb } = decoded(one);
      expect({ width, height }).toEqual({ width: one.width, height: one.height });
      const expected = inflateSync(Buffer.from(one.rgb, 'base64'));
      expect(rgb.length).toBe(expected.length);
      const worst = rgb.reduce((most, level, at) => Math.max(most, Math.abs(level - (expected[at] ?? 0))), 0);
      expect(worst).toBeLessThanOrEqual(name.startsWith('png') ? 0 : JPEG_LEVELS);
    },
  );

  it('but for one that is refused, never decoded wrongly', () => {
    const one = cases.find(({ name }) => name === REFUSED);
    if (one === undefined) throw new Error('it is not in the matrix');
    expect(() => decoded(one)).toThrow(ImageError);
  });

  it('with every colour type of PNG, and every way in which a JPEG names its colours', () => {
    const count = (pattern: RegExp) => cases.filter(({ name }) => pattern.test(name)).length;
    expect([count(/^png-/), count(/^png.*keyed/), count(/^jpeg-rgb/), count(/^jpeg-ycc/)]).toEqual([
      52, 22, 26, 10,
    ]);
  });
});
