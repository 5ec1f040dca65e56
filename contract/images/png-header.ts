import { corrupt, type ImageFault, truncated } from './image-fault.ts';
import type { ImageSize } from './image-size.ts';

/** The signature (PNG specification, third edition, section 5.2). */
const SIGNATURE_BYTES = 8;
/** Length, type and checksum around a chunk's data (section 5.3). */
const CHUNK_FRAME_BYTES = 12;
const IHDR_BYTES = 13;

/** The bit depths that each colour type may have (section 11.2.1, table 12). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * The size of a PNG, once its chunks are known to be all there: from IHDR, whose checksum fits, to IEND. Nothing is
 * decompressed, and the checksums of the pixel data are left to the decoder.
 */
export function readPngHeader(bytes: Uint8Array): ImageSize | ImageFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < SIGNATURE_BYTES + CHUNK_FRAME_BYTES + IHDR_BYTES)
    return truncated('it ends in its header');
  if (typeAt(bytes, SIGNATURE_BYTES + 4) !== 'IHDR' || view.getUint32(SIGNATURE_BYTES) !== IHDR_BYTES) {
    return corrupt('a PNG begins with the chunk IHDR');
  }
  const ihdr = bytes.subarray(SIGNATURE_BYTES + 4, SIGNATURE_BYTES + 8 + IHDR_BYTES);
  if (crc32(ihdr) !== view.getUint32(SIGNATURE_BYTES + 8 + IHDR_BYTES)) {
    return corrupt('the checksum of its header does not fit');
  }
  const problem = headerProblem(ihdr.subarray(4)) ?? chunkProblem(bytes, view);
  if (problem !== undefined) return problem;
  return { width: view.getUint32(SIGNATURE_BYTES + 8), height: view.getUint32(SIGNATURE_BYTES + 12) };
}

function headerProblem(ihdr: Uint8Array): ImageFault | undefined {
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, ihdr.byteLength);
  if (view.getUint32(0) === 0 || view.getUint32(4) === 0) return corrupt('it has no pixels');
  const [depth = 0, colourType = 0, compression, filter, interlace = 0] = ihdr.subarray(8);
  const isKnown = DEPTHS[colourType]?.includes(depth) ?? false;
  if (isKnown && compression === 0 && filter === 0 && interlace <= 1) return undefined;
  return corrupt('its header names a kind of pixels that PNG does not have');
}

/** Follows the chunks by their lengths to the last one. */
function chunkProblem(bytes: Uint8Array, view: DataView): ImageFault | undefined {
  let hasPixels = false;
  for (let offset = SIGNATURE_BYTES; ; ) {
    if (offset + CHUNK_FRAME_BYTES > bytes.length) return truncated('its last chunk, IEND, is missing');
    const type = typeAt(bytes, offset + 4);
    const end = offset + CHUNK_FRAME_BYTES + view.getUint32(offset);
    if (end > bytes.length) return truncated(`its chunk ${shownType(type)} is not all there`);
    if (type === 'IDAT') hasPixels = true;
    if (type === 'IEND') return hasPixels ? undefined : corrupt('it has no pixel data');
    offset = end;
  }
}

function typeAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** A chunk's type is four letters; of other bytes nothing is repeated. */
function shownType(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'of an unknown type';
}

/** The cyclic redundancy check of PNG (annex D), bit by bit: it runs over seventeen bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
