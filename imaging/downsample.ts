import type { Raster } from './raster.ts';

/** How much of one source line goes into one target line. */
interface Share {
  readonly target: number;
  readonly weight: number;
}

/**
 * Scales an image down until no side is longer than `longestSide`, keeping its shape as far as whole pixels allow. Each
 * new pixel is the mean of the area that it covers, rounded to the nearest whole number; nothing is sharpened or skipped.
 * An image within the bound is answered as it is.
 */
export function downsample(source: Raster, longestSide: number): Raster {
  const longest = Math.max(source.width, source.height);
  if (longest <= longestSide) return source;
  const side = (length: number) => Math.max(1, Math.round((length * longestSide) / longest));
  const [width, height] = [side(source.width), side(source.height)];
  const sums = new Float64Array(width * height * 3);
  const columns = sharesOf(source.width, width);
  const line = new Float64Array(width * 3);
  for (const [y, rows] of sharesOf(source.height, height).entries()) {
    line.fill(0);
    addLine(line, source, y, columns);
    for (const { target, weight } of rows) {
      const start = target * line.length;
      for (const [index, value] of line.entries()) add(sums, start + index, weight * value);
    }
  }
  // The weights of one new pixel add up to the whole numbers that its sides were divided into.
  const total = source.width * source.height;
  return { width, height, rgb: Uint8Array.from(sums, (sum) => Math.round(sum / total)) };
}

/**
 * Which new pixels each old one takes part in, along one side, in units in which both begin and end at whole numbers: an
 * old pixel is `to` of them long, a new one `from`. So every sum is exact, below 2^53 for any image that fits into memory.
 */
function sharesOf(from: number, to: number): readonly (readonly Share[])[] {
  return Array.from({ length: from }, (_, index) => {
    const [start, end] = [index * to, (index + 1) * to];
    const first = Math.floor(start / from);
    const boundary = (first + 1) * from;
    if (end <= boundary) return [{ target: first, weight: to }];
    return [
      { target: first, weight: boundary - start },
      { target: first + 1, weight: end - boundary },
    ];
  });
}

function addLine(
  line: Float64Array,
  { width, rgb }: Raster,
  y: number,
  columns: readonly (readonly Share[])[],
): void {
  let at = y * width * 3;
  for (const shares of columns) {
    const [red = 0, green = 0, blue = 0] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    at += 3;
    for (const { target, weight } of shares) {
      const to = target * 3;
      add(line, to, weight * red);
      add(line, to + 1, weight * green);
      add(line, to + 2, weight * blue);
    }
  }
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}
