import { inflateSync } from 'node:zlib';

/** Where the fields of IHDR lie in a file, which begins with signature, length and type (PNG specification, section 11.2.1). */
const WIDTH_AT = 16;
const HEIGHT_AT = 20;
const DEPTH_AT = 24;
const COLOUR_AT = 25;
const INTERLACE_AT = 28;

const SIGNATURE_BYTES = 8;
const CHUNK_FRAME_BYTES = 12;

/** Samples a pixel, by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The passes of an interlaced image (section 8.1): the first pixel of each, and the steps between its pixels. */
const ADAM7 = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
] as const;

/**
 * Whether the pixel data of a PNG, whose chunks were checked, unpack to exactly what its header promises. Unpacking stops
 * with the first byte too many, so that a small file can't fill the memory.
 */
export function inflatePixels(png: Uint8Array): 'whole' | 'too long' | 'too short' | 'unreadable' {
  const expected = filteredBytes(png);
  try {
    const { length } = inflateSync(pixelData(png), { maxOutputLength: expected });
    return length === expected ? 'whole' : 'too short';
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ERR_BUFFER_TOO_LARGE':
        return 'too long';
      case 'Z_BUF_ERROR':
        return 'too short';
      default:
        return 'unreadable';
    }
  }
}

/** What the pixel data unpack to: the lines, each with a byte for its filter. */
function filteredBytes(png: Uint8Array): number {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(WIDTH_AT), view.getUint32(HEIGHT_AT)];
  const bitsPerPixel = view.getUint8(DEPTH_AT) * (CHANNELS[view.getUint8(COLOUR_AT)] ?? 0);
  const bytesOf = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  if (view.getUint8(INTERLACE_AT) === 0) return bytesOf(width, height);
  const along = (length: number, first: number, step: number) =>
    Math.max(0, Math.ceil((length - first) / step));
  return ADAM7.reduce(
    (sum, { x, y, stepX, stepY }) => sum + bytesOf(along(width, x, stepX), along(height, y, stepY)),
    0,
  );
}

/** The pixel data lie in one chunk or in many. */
function pixelData(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [];
  for (let offset = SIGNATURE_BYTES; offset < png.length; ) {
    const length = view.getUint32(offset);
    const data = offset + 8;
    const type = String.fromCharCode(...png.subarray(offset + 4, data));
    if (type === 'IDAT') parts.push(png.subarray(data, data + length));
    if (type === 'IEND') break;
    offset += CHUNK_FRAME_BYTES + length;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
