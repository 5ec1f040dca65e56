import { ImageError, type ReceivedImage } from '../contract/images/received-image.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { decodePng } from './decode-png.ts';
import { downsample } from './downsample.ts';
import type { Raster } from './raster.ts';

export interface DecodeOptions {
  /** The most pixels along either side; a larger image is scaled down by averaging areas. A smaller one stays exact. */
  readonly longestSide: number;
}

const DECODERS = { 'image/jpeg': decodeJpeg, 'image/png': decodePng } as const;

/**
 * The pixels of an image as red, green and blue from 0 to 255, as they are stored: an orientation that the camera noted, a
 * colour profile and transparency are ignored.
 * @throws {ImageError} `image-corrupt`, `image-truncated` or `image-format-unsupported` where the content does not hold
 * what the header promises
 */
export function decodeImage(image: ReceivedImage, { longestSide }: DecodeOptions): Raster {
  const decoded = DECODERS[image.format](image);
  if ('code' in decoded) throw new ImageError(image, decoded);
  return downsample(decoded, longestSide);
}
