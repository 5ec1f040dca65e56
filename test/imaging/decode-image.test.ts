import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkImage } from '../../contract/images/image-check.ts';
import { IMAGE_FORMATS } from '../../contract/images/image-kind.ts';
import { ImageError, ReceivedImage } from '../../contract/images/received-image.ts';
import { decodeImage } from '../../imaging/decode-image.ts';
import type { Raster } from '../../imaging/raster.ts';
import { asInterlacedPng, asJpeg, asPng, PLANT, picture, pngOf, pngWith, SOIL } from './pictures.ts';

const LIMITS = { formats: IMAGE_FORMATS, maxPixels: 4_000_000, maxBytes: 20_000_000 };

function received(file: Uint8Array): ReceivedImage {
  const checked = checkImage(file, LIMITS);
  if (checked instanceof ReceivedImage) return checked;
  throw new Error(`refused before it is decoded: ${checked.code}`);
}

const decode = (file: Uint8Array, longestSide = 10_000): Raster =>
  decodeImage(received(file), { longestSide });

function fault(file: Uint8Array): ImageError {
  const image = received(file);
  try {
    decodeImage(image, { longestSide: 100 });
  } catch (error) {
    if (error instanceof ImageError && error.image === image) return error;
    throw error;
  }
  throw new Error('it was decoded');
}

/** Sizes whose number of pixels comes back smaller from a floating-point number of megapixels. */
const SHORT_IN_MEGAPIXELS: [width: number, height: number][] = [
  [7, 3],
  [7, 5],
  [10, 7],
];

/** Pixels of which no two are alike. */
const speckled = (width: number, height: number): Raster => ({
  width,
  height,
  rgb: new Uint8Array(randomBytes(width * height * 3)),
});

describe('a PNG', () => {
  it('is decoded exactly, interlaced or not, whatever its size', () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(side, side, fc.boolean(), (width, height, interlaced) => {
        const raster = speckled(width, height);
        expect(decode(interlaced ? asInterlacedPng(raster) : asPng(raster))).toEqual(raster);
      }),
      { numRuns: 60 },
    );
  });

  it('of one bit a pixel is black and white', () => {
    const file = pngOf(
      { width: 9, height: 1, depth: 1, colourType: 0 },
      Uint8Array.of(0, 0b10100000, 0b10000000),
    );
    const { rgb } = decode(file);
    expect(Array.from({ length: 9 }, (_, pixel) => rgb[pixel * 3])).toEqual([
      255, 0, 255, 0, 0, 0, 0, 0, 255,
    ]);
  });

  it('of sixteen bits a channel keeps the eight upper ones', () => {
    const file = pngOf({ width: 1, height: 1, depth: 16 }, Uint8Array.of(0, 0xff, 0xff, 0x80, 0x80, 0, 0));
    expect([...decode(file).rgb]).toEqual([255, 128, 0]);
  });

  it('keeps the colours that it stores behind transparency', () => {
    const file = pngOf(
      { width: 2, height: 1, colourType: 6 },
      Uint8Array.of(0, 10, 20, 30, 0, 40, 50, 60, 255),
    );
    expect([...decode(file).rgb]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it.each([0, 1])('that unpacks to more than it promises is stopped (interlacing %i)', (interlace) => {
    const bomb = pngOf({ width: 8, height: 8, interlace }, new Uint8Array(50_000_000));
    expect(bomb.length).toBeLessThan(50_000);
    expect(fault(bomb)).toMatchObject({
      code: 'image-corrupt',
      message: expect.stringContaining('unpack to more than its size explains'),
    });
  });

  it.each([0, 1])('that unpacks to less is cut off (interlacing %i)', (interlace) => {
    const lines = 8 * (1 + 8 * 3);
    expect(fault(pngOf({ width: 8, height: 8, interlace }, new Uint8Array(lines - 1))).code).toBe(
      'image-truncated',
    );
  });

  it('whose pixel data end in the middle is cut off', () => {
    const whole = asPng(speckled(30, 30));
    const idat = whole.subarray(41, whole.length - 16);
    expect(fault(pngWith({ width: 30, height: 30 }, idat.subarray(0, 1000))).code).toBe('image-truncated');
  });

  it('whose pixel data are no zlib stream, or have a wrong checksum, is damaged', () => {
    expect(fault(pngWith({ width: 8, height: 8 }, Buffer.from('not compressed'))).code).toBe('image-corrupt');
    const file = asPng(speckled(30, 30));
    const checksum = file.length - 16;
    file.writeUInt8(file.readUInt8(checksum) ^ 1, checksum);
    expect(fault(file).code).toBe('image-corrupt');
  });

  it('of a palette that it does not have is damaged', () => {
    const file = pngOf({ width: 1, height: 1, colourType: 3 }, Uint8Array.of(0, 5));
    expect(fault(file).code).toBe('image-corrupt');
  });
});

describe('a JPEG', () => {
  it('is decoded to what was encoded, but for a few levels', () => {
    const raster = picture(64, 48, (x) => (x < 32 ? PLANT : SOIL));
    const { rgb, width, height } = decode(asJpeg(raster, 95));
    expect({ width, height }).toEqual({ width: 64, height: 48 });
    const worst = rgb.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (raster.rgb[index] ?? 0))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(4);
  });

  it('is decoded whatever its size', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const raster = decode(asJpeg(picture(width, height, () => SOIL)));
        expect({ ...raster, rgb: raster.rgb.length }).toEqual({ width, height, rgb: width * height * 3 });
      }),
      { numRuns: 12, examples: SHORT_IN_MEGAPIXELS },
    );
  });

  it('is cut off where its pixel data end early although its end is marked', () => {
    const file = asJpeg(speckled(64, 48));
    for (const share of [0.5, 0.7, 0.9]) {
      const cut = Buffer.concat([file.subarray(0, Math.floor(file.length * share)), Buffer.of(0xff, 0xd9)]);
      expect(fault(cut).code, `${share}`).toBe('image-truncated');
    }
  });

  it('never takes more memory than its pixels explain', () => {
    const file = asJpeg(picture(16, 16, () => SOIL));
    const frame = file.indexOf(Buffer.of(0xff, 0xc0));
    // Sampling factors of 15: one unit of the image would be 120 by 120 pixels, in each colour.
    for (const factors of [frame + 11, frame + 14, frame + 17]) file[factors] = 0xff;
    file.writeUInt16BE(4000, frame + 5);
    file.writeUInt16BE(1, frame + 7);
    expect(fault(file)).toMatchObject({
      code: 'image-corrupt',
      message: expect.stringContaining('more memory than its size explains'),
    });
  });

  it('that is damaged anywhere is decoded or refused, and never fails otherwise', () => {
    const file = asJpeg(speckled(24, 24));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), (offset, value) => {
        const damaged = Buffer.from(file);
        damaged[offset] = value;
        const checked = checkImage(damaged, LIMITS);
        if ('detail' in checked) return;
        try {
          const { width, height, rgb } = decodeImage(checked, { longestSide: 3000 });
          expect(rgb.length).toBe(width * height * 3);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a longest side', () => {
  it('leaves an image within it alone, and bounds a larger one', () => {
    const raster = speckled(30, 20);
    expect(decode(asPng(raster), 30)).toEqual(raster);
    expect(decode(asPng(raster), 15)).toMatchObject({ width: 15, height: 10 });
  });
});
