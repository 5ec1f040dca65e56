import { PNG } from 'pngjs';
import { corrupt, type ImageFault, truncated } from '../contract/images/image-fault.ts';
import type { ReceivedImage } from '../contract/images/received-image.ts';
import { inflatePixels } from './inflate-pixels.ts';
import { pixelChunks } from './pixel-chunks.ts';
import type { Raster } from './raster.ts';

/**
 * Decodes a PNG whose header was checked. Its pixel data are inflated twice: first into a buffer of exactly the size that
 * the header promises, because the decoder does not bound interlaced ones, and takes shorter ones for pixels of 0.
 */
export function decodePng({ content, width, height }: ReceivedImage): Raster | ImageFault {
  const inflated = inflatePixels(content);
  if (inflated !== 'whole') return FAULTS[inflated];
  try {
    const { data } = PNG.sync.read(pixelChunks(content));
    return { width, height, rgb: withoutAlpha(data) };
  } catch {
    return corrupt('its pixel data can not be decoded');
  }
}

const FAULTS: Readonly<Record<Exclude<ReturnType<typeof inflatePixels>, 'whole'>, ImageFault>> = {
  'too long': corrupt('its pixel data unpack to more than its size explains'),
  'too short': truncated('its pixel data end too early'),
  unreadable: corrupt('its pixel data can not be unpacked'),
};

/** The decoder answers four bytes a pixel, whatever the file has. */
function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
