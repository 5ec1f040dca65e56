/** Markers (ITU-T T.81, table B.1), each behind a byte 0xFF. */
const TEM = 0x01;
const RST0 = 0xd0;
const SOI = 0xd8;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
const FRAMES = [0xc0, 0xc1, 0xc2];

/** What the frame header holds before its components, and for each of them (section B.2.2), in bytes. */
const FRAME_BYTES = 6;
const COMPONENT_BYTES = 3;

/** Where the transform stands in Adobe's segment, behind its name, a version and flags (Adobe Technical Note 5116, section 18). */
const ADOBE_TRANSFORM_AT = 11;

/** Of a JFIF segment without a thumbnail; libjpeg takes a shorter one for none. */
const JFIF_BYTES = 14;

const RGB_IDS = 'RGB';

/**
 * Whether the three components of a JPEG, whose header was checked, are luminance and chrominance, and not red, green and
 * blue. The standard does not say; this is how libjpeg decides (default_decompress_parms in jdapimin.c): a JFIF segment
 * means YCbCr; else Adobe's segment names the transform, of which 0 is none; else components that are called R, G and B
 * are those colours.
 */
export function isYCbCr(jpeg: Uint8Array): boolean {
  let isJfif = false;
  let adobeTransform: number | undefined;
  let ids = '';
  for (const { marker, data } of segments(jpeg)) {
    if (marker === APP0 && data.length >= JFIF_BYTES && startsWith(data, 'JFIF\0')) isJfif = true;
    if (marker === APP14 && startsWith(data, 'Adobe'))
      adobeTransform = data[ADOBE_TRANSFORM_AT] ?? adobeTransform;
    if (FRAMES.includes(marker)) ids = componentIds(data);
  }
  if (isJfif) return true;
  return adobeTransform === undefined ? ids !== RGB_IDS : adobeTransform !== 0;
}

interface Segment {
  readonly marker: number;
  readonly data: Uint8Array;
}

/** The segments before the first scan: nothing that stands behind it changes what the colours mean. */
function* segments(jpeg: Uint8Array): Generator<Segment> {
  for (let offset = 2; offset + 3 < jpeg.length; ) {
    const marker = jpeg[offset + 1] ?? SOS;
    if (marker === SOS) return;
    if (marker === 0xff) offset += 1;
    else if (marker === TEM || (marker >= RST0 && marker <= SOI)) offset += 2;
    else {
      const end = offset + 2 + (jpeg[offset + 2] ?? 0) * 256 + (jpeg[offset + 3] ?? 0);
      yield { marker, data: jpeg.subarray(offset + 4, end) };
      offset = end;
    }
  }
}

function componentIds(frame: Uint8Array): string {
  const ids: number[] = [];
  for (let at = FRAME_BYTES; at < frame.length; at += COMPONENT_BYTES) ids.push(frame[at] ?? 0);
  return String.fromCharCode(...ids);
}

function startsWith(data: Uint8Array, text: string): boolean {
  return (
    data.length >= text.length && [...text].every((letter, index) => letter.charCodeAt(0) === data[index])
  );
}
