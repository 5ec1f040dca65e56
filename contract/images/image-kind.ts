/** The formats that images are taken in, by media type. */
export const IMAGE_FORMATS = ['image/jpeg', 'image/png'] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** What bytes are, by how they begin. */
export type ImageKind =
  | { readonly format: ImageFormat }
  /** A format that is not taken, in words. */
  | { readonly known: string }
  | undefined;

/** `undefined` in a pattern stands for any byte. */
type Pattern = readonly (number | undefined)[];

const text = (ascii: string): Pattern => [...ascii].map((character) => character.charCodeAt(0));
const any = (count: number): Pattern => Array.from({ length: count }, () => undefined);

const PNG: Pattern = [0x89, ...text('PNG'), 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG: Pattern = [0xff, 0xd8, 0xff];

/**
 * Formats that people send by mistake. WebP: RFC 9649, section 2.4; HEIF and AVIF are ISO base media files whose brand
 * stands behind `ftyp` (ISO/IEC 23008-12; AV1 Image File Format); the others by their published signatures.
 */
const OTHERS: readonly { readonly name: string; readonly patterns: readonly Pattern[] }[] = [
  { name: 'a WebP image', patterns: [[...text('RIFF'), ...any(4), ...text('WEBP')]] },
  {
    name: 'an HEIC image, as iPhones save it',
    patterns: ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'].map((brand) => [
      ...any(4),
      ...text(`ftyp${brand}`),
    ]),
  },
  { name: 'an AVIF image', patterns: ['avif', 'avis'].map((brand) => [...any(4), ...text(`ftyp${brand}`)]) },
  { name: 'a GIF image', patterns: [text('GIF87a'), text('GIF89a')] },
  {
    name: 'a TIFF image, or a raw photograph built on it',
    patterns: [
      [...text('II'), 0x2a, 0x00],
      [...text('MM'), 0x00, 0x2a],
      [...text('II'), 0x2b, 0x00],
      [...text('MM'), 0x00, 0x2b],
    ],
  },
  {
    name: 'a JPEG 2000 image',
    patterns: [
      [0, 0, 0, 0x0c, ...text('jP'), 0x20, 0x20],
      [0xff, 0x4f, 0xff, 0x51],
    ],
  },
  {
    name: 'a JPEG XL image',
    patterns: [
      [0xff, 0x0a],
      [0, 0, 0, 0x0c, ...text('JXL'), 0x20],
    ],
  },
  { name: 'a PDF document', patterns: [text('%PDF-')] },
  { name: 'a ZIP archive', patterns: [[...text('PK'), 0x03, 0x04]] },
  // Last: two letters begin many a text.
  { name: 'a BMP image', patterns: [[...text('BM'), ...any(4), 0, 0, 0, 0]] },
];

/** Recognizes a file's format. Undefined for what is no known format, such as text. */
export function imageKind(bytes: Uint8Array): ImageKind {
  if (beginsWith(bytes, JPEG)) return { format: 'image/jpeg' };
  if (beginsWith(bytes, PNG)) return { format: 'image/png' };
  const other = OTHERS.find(({ patterns }) => patterns.some((pattern) => beginsWith(bytes, pattern)));
  return other === undefined ? undefined : { known: other.name };
}

/** Whether the first bytes are those of a text: no control characters but white space. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function beginsWith(bytes: Uint8Array, pattern: Pattern): boolean {
  return (
    bytes.length >= pattern.length &&
    pattern.every((byte, index) => byte === undefined || byte === bytes[index])
  );
}
