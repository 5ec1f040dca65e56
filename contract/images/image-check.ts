import type { ImageFault } from './image-fault.ts';
import { IMAGE_FORMATS, type ImageFormat, imageKind, looksLikeText } from './image-kind.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { readPngHeader } from './png-header.ts';
import { ReceivedImage } from './received-image.ts';

/** What an image has to keep to. */
export interface ImageLimits {
  readonly formats: readonly ImageFormat[];
  readonly maxPixels: number;
  readonly maxBytes: number;
}

const READERS = { 'image/jpeg': readJpegHeader, 'image/png': readPngHeader } as const;

const NAMES: Readonly<Record<ImageFormat, string>> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG' };

/**
 * Checks an image by its bytes, without decoding it: what it is, whether it is all there, and its size. A few
 * microseconds decide before anything is allocated.
 * @param claimed the media type under which it was sent, if it was
 */
export function checkImage(
  bytes: Uint8Array,
  { formats, maxPixels, maxBytes }: ImageLimits,
  claimed?: string,
): ReceivedImage | ImageFault {
  const wanted = formatNames(formats);
  if (bytes.length === 0)
    return { code: 'not-an-image', detail: `Got an empty file. Send a ${wanted} image.` };
  if (bytes.length > maxBytes) return tooManyBytes(bytes.length, maxBytes);
  const kind = imageKind(bytes);
  if (kind === undefined) {
    const what = looksLikeText(bytes) ? 'Got a text file' : 'Got no image that is known here';
    const name = claimed === undefined ? '' : ', whatever its name ends in';
    return { code: 'not-an-image', detail: `${what}${name}. Send a ${wanted} image.` };
  }
  if ('known' in kind) {
    return {
      code: 'image-format-unsupported',
      detail: `Got ${kind.known}. Convert it to ${wanted} and send that.`,
    };
  }
  const { format } = kind;
  if (!formats.includes(format)) {
    return {
      code: 'image-format-unsupported',
      detail: `Got a ${NAMES[format]} image. Convert it to ${wanted} and send that.`,
    };
  }
  if (claimed !== undefined && claimed !== format) {
    return {
      code: 'image-format-mismatch',
      detail: `It was sent as ${claimed}, but is ${format}. Send it as what it is.`,
    };
  }
  const size = READERS[format](bytes);
  if ('code' in size) return size;
  const pixels = size.width * size.height;
  if (pixels > maxPixels) {
    return {
      code: 'image-too-many-pixels',
      detail: `Got ${size.width} × ${size.height} pixels. Scale it down to at most ${maxPixels} pixels, such as ${fitting(size, maxPixels)}.`,
    };
  }
  return new ReceivedImage({ format, ...size, content: bytes });
}

/** For an image, or all of a request together, of so many bytes. */
export function tooManyBytes(bytes: number, maxBytes: number): ImageFault {
  return {
    code: 'image-too-many-bytes',
    detail: `Got ${bytes} bytes of image; at most ${maxBytes} are taken. Send a smaller image, such as a JPEG of lower quality.`,
  };
}

/** `JPEG or PNG`. */
export function formatNames(formats: readonly ImageFormat[]): string {
  return IMAGE_FORMATS.filter((format) => formats.includes(format))
    .map((format) => NAMES[format])
    .join(' or ');
}

/** The largest size of the same shape. */
function fitting({ width, height }: { width: number; height: number }, maxPixels: number): string {
  const scale = Math.sqrt(maxPixels / (width * height));
  const side = (length: number) => Math.max(1, Math.floor(length * scale));
  return `${side(width)} × ${side(height)}`;
}
