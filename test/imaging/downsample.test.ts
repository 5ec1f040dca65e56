import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { downsample } from '../../imaging/downsample.ts';
import type { Raster } from '../../imaging/raster.ts';
import { picture } from './pictures.ts';

/** The mean over the area of one new pixel, by its definition: each old pixel by how much of it lies inside. */
function meanOver(source: Raster, target: Raster, x: number, y: number, channel: number): number {
  const overlap = (index: number, at: number, from: number, to: number) => {
    const [start, end] = [(at * from) / to, ((at + 1) * from) / to];
    return Math.max(0, Math.min(end, index + 1) - Math.max(start, index));
  };
  let [sum, area] = [0, 0];
  for (let row = 0; row < source.height; row += 1) {
    for (let column = 0; column < source.width; column += 1) {
      const part =
        overlap(column, x, source.width, target.width) * overlap(row, y, source.height, target.height);
      sum += part * (source.rgb[(row * source.width + column) * 3 + channel] ?? 0);
      area += part;
    }
  }
  return sum / area;
}

describe('an image within the bound', () => {
  it('is the same image', () => {
    const source = picture(4, 3, (x, y) => [x, y, 7]);
    expect(downsample(source, 4)).toBe(source);
  });
});

describe('a larger image', () => {
  it('of two by two pixels becomes their mean', () => {
    const levels = [0, 10, 20, 41];
    const source = picture(2, 2, (x, y) => [levels[2 * y + x] ?? 0, 100, 255]);
    expect(downsample(source, 1)).toEqual({ width: 1, height: 1, rgb: Uint8Array.of(18, 100, 255) });
  });

  it('keeps its shape', () => {
    expect(
      downsample(
        picture(300, 200, () => [1, 2, 3]),
        30,
      ),
    ).toMatchObject({ width: 30, height: 20 });
    expect(
      downsample(
        picture(2, 300, () => [1, 2, 3]),
        30,
      ),
    ).toMatchObject({ width: 1, height: 30 });
  });

  it('of one colour keeps that colour, whatever the sizes', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(255),
        (width, height, longest, level) => {
          const { rgb } = downsample(
            picture(width, height, () => [level, 255 - level, 0]),
            longest,
          );
          for (let at = 0; at < rgb.length; at += 3) {
            expect([rgb[at], rgb[at + 1], rgb[at + 2]]).toEqual([level, 255 - level, 0]);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gets the mean of each area, also where areas divide pixels', () => {
    const size = { width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) };
    const image = fc.record(size).chain(({ width, height }) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        rgb: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
      }),
    );
    fc.assert(
      fc.property(image, fc.integer({ min: 1, max: 11 }), (source, longest) => {
        const target = downsample(source, longest);
        expect(Math.max(target.width, target.height)).toBeLessThanOrEqual(
          Math.max(longest, Math.min(longest, source.width)),
        );
        for (const [index, level] of target.rgb.entries()) {
          const pixel = Math.floor(index / 3);
          const [x, y] = [pixel % target.width, Math.floor(pixel / target.width)];
          expect(Math.abs(level - meanOver(source, target, x, y, index % 3))).toBeLessThanOrEqual(0.5 + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });
});
