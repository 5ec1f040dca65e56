import { corrupt, type ImageFault, truncated, unsupported } from './image-fault.ts';
import type { ImageSize } from './image-size.ts';

/** Markers (ITU-T T.81, table B.1): a byte 0xFF and one of these. */
const TEM = 0x01;
const RST0 = 0xd0;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;

/** Frames that decoders read: baseline, extended sequential and progressive, by Huffman codes. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];

/** Each scan of a progressive image is a pass over all of it; encoders make about ten. */
const MOST_SCANS = 64;

/** What has been seen so far. */
interface Seen {
  size: ImageSize | undefined;
  scans: number;
}

/**
 * The size of a JPEG, once its segments are known to be all there: from SOI to EOI, with one frame and its scans. Nothing
 * is decoded. What follows EOI is ignored: cameras put previews there.
 */
export function readJpegHeader(bytes: Uint8Array): ImageSize | ImageFault {
  const seen: Seen = { size: undefined, scans: 0 };
  for (let offset = 2; ; ) {
    while (bytes[offset] === 0xff && bytes[offset + 1] === 0xff) offset += 1;
    const marker = bytes[offset + 1];
    if (marker === undefined) return truncated('its end-of-image marker is missing');
    if (bytes[offset] !== 0xff) return corrupt('there is no marker where a segment has to begin');
    if (marker === EOI) return ended(seen);
    offset += 2;
    if (standsAlone(marker)) continue;
    const length = lengthAt(bytes, offset);
    if (length === undefined || offset + length > bytes.length)
      return truncated('one of its segments is not all there');
    if (length < 2) return corrupt('the length of a segment is not one');
    const segment = bytes.subarray(offset + 2, offset + length);
    const fault = isFrame(marker) ? readFrame(marker, segment, seen) : undefined;
    if (fault !== undefined) return fault;
    offset += length;
    if (marker !== SOS) continue;
    if (seen.size === undefined) return corrupt('its pixel data come before its header');
    seen.scans += 1;
    if (seen.scans > MOST_SCANS) return unsupported(`a JPEG of more than ${MOST_SCANS} scans`);
    offset = endOfScan(bytes, offset);
  }
}

function ended({ size, scans }: Seen): ImageSize | ImageFault {
  return size === undefined || scans === 0 ? corrupt('it has no pixel data') : size;
}

function standsAlone(marker: number): boolean {
  return marker === TEM || (marker >= RST0 && marker <= SOI);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![DHT, JPG, DAC].includes(marker);
}

/** Notes the size that a frame header states (section B.2.2). */
function readFrame(marker: number, segment: Uint8Array, seen: Seen): ImageFault | undefined {
  if (seen.size !== undefined) return unsupported('a JPEG of several frames');
  if (!DECODED_FRAMES.includes(marker))
    return unsupported('a lossless, hierarchical or arithmetically coded JPEG');
  const [precision, heightHigh = 0, heightLow = 0, widthHigh = 0, widthLow = 0, components] = segment;
  if (components === undefined) return truncated('it ends in its header');
  if (precision !== 8) return unsupported(`a JPEG with ${precision} bits a sample`);
  if (components !== 1 && components !== 3)
    return unsupported(`a JPEG with ${components} colour components, such as CMYK`);
  const size = { width: widthHigh * 256 + widthLow, height: heightHigh * 256 + heightLow };
  // A height of 0 is allowed where the number of lines follows the first scan, which decoders do not read.
  if (size.width === 0 || size.height === 0) return corrupt('it has no pixels');
  seen.size = size;
  return undefined;
}

/** The next marker after entropy-coded data, in which 0xFF is followed by 0 or is a restart marker. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let offset = bytes.indexOf(0xff, start); offset >= 0; offset = bytes.indexOf(0xff, offset + 1)) {
    const next = bytes[offset + 1] ?? EOI;
    const isData = next === 0 || next === 0xff || (next >= RST0 && next < SOI);
    if (!isData) return offset;
  }
  return bytes.length;
}

function lengthAt(bytes: Uint8Array, offset: number): number | undefined {
  const [high, low] = bytes.subarray(offset, offset + 2);
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}
