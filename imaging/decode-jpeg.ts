import { decode } from 'jpeg-js';
import { corrupt, type ImageFault, truncated } from '../contract/images/image-fault.ts';
import type { ReceivedImage } from '../contract/images/received-image.ts';
import { isYCbCr } from './jpeg-colour.ts';
import type { Raster } from './raster.ts';

/**
 * What the decoder may allocate by its own account: four bytes a coefficient and three coefficients a pixel, its lines and
 * its result come to 20 bytes; blocks at the edges, and sampling that is not usual, take some more.
 */
const BYTES_PER_PIXEL = 32;
const BASE_BYTES = 4 * 1024 * 1024;

const MEBIBYTE = 1024 * 1024;

/** The decoder turns megapixels back into pixels: of one size in eight, rounding would leave too few. */
const HALF_A_PIXEL = 0.5;

/** Decodes a JPEG whose header was checked, in memory that its number of pixels bounds. */
export function decodeJpeg({ content, width, height }: ReceivedImage): Raster | ImageFault {
  const pixels = width * height;
  try {
    const { data } = decode(content, {
      useTArray: true,
      formatAsRGBA: false,
      // Without it, the decoder takes three components for YCbCr whatever the file says.
      colorTransform: isYCbCr(content),
      // Scans of one component run on to the end of their last restart interval, past the last block: that is all that is
      // tolerated here. Damaged data are refused all the same.
      tolerantDecoding: true,
      maxResolutionInMP: (pixels + HALF_A_PIXEL) / 1e6,
      maxMemoryUsageInMB: (BASE_BYTES + pixels * BYTES_PER_PIXEL) / MEBIBYTE,
    });
    return { width, height, rgb: data };
  } catch (error) {
    return faultOf(error);
  }
}

/** The decoder's own words are for programmers, and tell little. */
function faultOf(error: unknown): ImageFault {
  const { message } = error as Error;
  if (/limit exceeded/.test(message)) return corrupt('its parts need more memory than its size explains');
  // The last marker, met where pixel data should be.
  return /marker was not found|unexpected marker: ffd9/.test(message)
    ? truncated('its pixel data end too early')
    : corrupt('its pixel data can not be decoded');
}
