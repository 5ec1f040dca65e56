import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'jpeg-js';
import type { Raster } from '../../imaging/raster.ts';

export type Colour = readonly [red: number, green: number, blue: number];

export const PLANT: Colour = [60, 150, 45];
export const SOIL: Colour = [140, 105, 75];

/** A picture by the colour of each pixel. */
export function picture(width: number, height: number, colourAt: (x: number, y: number) => Colour): Raster {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rgb.set(colourAt(x, y), (y * width + x) * 3);
  }
  return { width, height, rgb };
}

export function asJpeg({ width, height, rgb }: Raster, quality = 90): Buffer {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  return encode({ data, width, height }, quality).data;
}

/** Eight bits a channel, no filter. */
export function asPng({ width, height, rgb }: Raster): Buffer {
  const lines = Array.from({ length: height }, (_, y) => [
    0,
    ...rgb.subarray(y * width * 3, (y + 1) * width * 3),
  ]);
  return pngOf({ width, height }, Buffer.from(lines.flat()));
}

/** The same, in the seven passes of Adam7. */
export function asInterlacedPng({ width, height, rgb }: Raster): Buffer {
  const data: number[] = [];
  for (const [x0, y0, stepX, stepY] of PASSES) {
    for (let y = y0; y < height && x0 < width; y += stepY) {
      data.push(0);
      for (let x = x0; x < width; x += stepX)
        data.push(...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
    }
  }
  return pngOf({ width, height, interlace: 1 }, Buffer.from(data));
}

/** First column and row, and the steps to the next, of each pass (PNG specification, section 8.1). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colourType?: number;
  readonly interlace?: number;
}

/** A PNG whose pixel data unpack to `data`, whatever its header says. */
export function pngOf(header: PngHeader, data: Uint8Array): Buffer {
  return pngWith(header, deflateSync(data));
}

/** A PNG with these bytes as its pixel data. */
export function pngWith(header: PngHeader, idat: Uint8Array): Buffer {
  const { width, height, depth = 8, colourType = 2, interlace = 0 } = header;
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([depth, colourType, 0, 0, interlace], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', ihdr),
    chunk('IDAT', idat),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** How an image goes into a request. */
export function inline(file: Buffer): { readonly data: string } {
  return { data: file.toString('base64') };
}
