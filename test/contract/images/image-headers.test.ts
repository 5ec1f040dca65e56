import { describe, expect, it } from 'vitest';
import { checkImage } from '../../../contract/images/image-check.ts';
import { IMAGE_FORMATS } from '../../../contract/images/image-kind.ts';
import { asJpeg, asPng, chunk, PNG_SIGNATURE, picture, pngOf, SOIL } from '../../imaging/pictures.ts';

const LIMITS = { formats: IMAGE_FORMATS, maxPixels: 1_000_000, maxBytes: 10_000_000 };
const raster = picture(40, 30, () => SOIL);
const jpeg = asJpeg(raster);
const png = asPng(raster);

const check = (bytes: Uint8Array, claimed?: string) => checkImage(bytes, LIMITS, claimed);
const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

/** Where the first segment with a marker begins in a JPEG. */
function segmentAt(file: Uint8Array, marker: number): number {
  for (let offset = 2; ; ) {
    if (file[offset + 1] === marker) return offset;
    offset += 2 + (file[offset + 2] ?? 0) * 256 + (file[offset + 3] ?? 0);
  }
}

/** The file with one byte changed. */
function changed(file: Uint8Array, offset: number, value: number): Buffer {
  const copy = Buffer.from(file);
  copy[offset] = value;
  return copy;
}

describe('the format', () => {
  it.each([
    ['a WebP image', bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 ')],
    ['an HEIC image, as iPhones save it', bytes([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0])],
    ['an AVIF image', bytes([0, 0, 0, 24], 'ftypavif', [0, 0, 0, 0])],
    ['a GIF image', bytes('GIF89a', [1, 0, 1, 0])],
    ['a TIFF image, or a raw photograph built on it', bytes('II', [42, 0, 8, 0])],
    ['a JPEG 2000 image', bytes([0, 0, 0, 12], 'jP  ')],
    ['a JPEG XL image', bytes([0xff, 0x0a, 0, 0])],
    ['a PDF document', bytes('%PDF-1.7')],
    ['a ZIP archive', bytes('PK', [3, 4, 0, 0])],
    ['a BMP image', bytes('BM', [70, 0, 0, 0, 0, 0, 0, 0])],
  ])('is named where it is %s', (name, file) => {
    expect(check(file)).toEqual({
      code: 'image-format-unsupported',
      detail: `Got ${name}. Convert it to JPEG or PNG and send that.`,
    });
  });

  it('is told apart from text, whatever the name of its file', () => {
    const text = bytes('Field 7, row 12: 43 % cover\r\n');
    expect(check(text, 'image/jpeg')).toEqual({
      code: 'not-an-image',
      detail: 'Got a text file, whatever its name ends in. Send a JPEG or PNG image.',
    });
    expect(check(text)).toEqual({
      code: 'not-an-image',
      detail: 'Got a text file. Send a JPEG or PNG image.',
    });
    expect(check(bytes('BM is a text too, and no bitmap'))).toMatchObject({ code: 'not-an-image' });
    expect(check(bytes([0, 1, 2, 3]))).toMatchObject({ code: 'not-an-image' });
  });

  it('has to be the one that was claimed', () => {
    expect(check(png, 'image/png')).toMatchObject({ width: 40 });
    expect(check(png, 'image/jpeg')).toEqual({
      code: 'image-format-mismatch',
      detail: 'It was sent as image/jpeg, but is image/png. Send it as what it is.',
    });
  });
});

describe('a JPEG', () => {
  it('is whole wherever it ends: with its last marker, or with a preview behind it', () => {
    expect(check(jpeg)).toMatchObject({ format: 'image/jpeg', width: 40, height: 30 });
    expect(check(bytes(jpeg, jpeg))).toMatchObject({ width: 40, height: 30 });
  });

  it('is not whole if anything is missing at its end', () => {
    for (let length = 4; length < jpeg.length; length += 1) {
      expect(check(jpeg.subarray(0, length)), `${length} bytes`).toMatchObject({ code: 'image-truncated' });
    }
  });

  it('is not taken for a thumbnail that it carries', () => {
    const thumbnail = asJpeg(picture(8, 8, () => SOIL));
    const application = bytes(
      [0xff, 0xe1, (thumbnail.length + 2) >> 8, (thumbnail.length + 2) & 255],
      thumbnail,
    );
    expect(check(bytes(jpeg.subarray(0, 2), application, jpeg.subarray(2)))).toMatchObject({
      width: 40,
      height: 30,
    });
  });

  const frame = segmentAt(jpeg, 0xc0);
  it.each([
    ['twelve bits a sample', changed(jpeg, frame + 4, 12), 'a JPEG with 12 bits a sample'],
    ['four colours', changed(jpeg, frame + 9, 4), 'a JPEG with 4 colour components, such as CMYK'],
    [
      'an arithmetic code',
      changed(jpeg, frame + 1, 0xc9),
      'a lossless, hierarchical or arithmetically coded JPEG',
    ],
    [
      'lossless coding',
      changed(jpeg, frame + 1, 0xc3),
      'a lossless, hierarchical or arithmetically coded JPEG',
    ],
    [
      'two frames',
      bytes(jpeg.subarray(0, frame), jpeg.subarray(frame, frame + 19), jpeg.subarray(frame)),
      'a JPEG of several frames',
    ],
  ])('is refused with %s', (_, file, what) => {
    expect(check(file)).toMatchObject({
      code: 'image-format-unsupported',
      detail: expect.stringContaining(`Got ${what}.`),
    });
  });

  it('is refused with more scans than any encoder makes: each would cost a pass', () => {
    const scan = segmentAt(jpeg, 0xda);
    const header = jpeg.subarray(scan, scan + 14);
    const scans = (count: number) =>
      bytes(jpeg.subarray(0, scan), ...Array.from({ length: count }, () => header), [0xff, 0xd9]);
    expect(check(scans(64))).toMatchObject({ width: 40 });
    expect(check(scans(65))).toMatchObject({ code: 'image-format-unsupported' });
  });

  it.each([
    ['a width of 0', changed(changed(jpeg, frame + 7, 0), frame + 8, 0)],
    ['a segment of length 0', changed(changed(jpeg, frame + 2, 0), frame + 3, 0)],
    ['no frame', bytes(jpeg.subarray(0, 2), [0xff, 0xd9])],
    ['pixels before the frame', bytes(jpeg.subarray(0, 2), jpeg.subarray(segmentAt(jpeg, 0xda)))],
    ['bytes where a segment has to begin', bytes(jpeg.subarray(0, frame), 'xx', jpeg.subarray(frame))],
  ])('is damaged with %s', (_, file) => {
    expect(check(file)).toMatchObject({ code: 'image-corrupt' });
  });
});

describe('a PNG', () => {
  it('is whole with its last chunk, and with whatever stands behind that', () => {
    expect(check(png)).toMatchObject({ format: 'image/png', width: 40, height: 30 });
    expect(check(bytes(png, 'more'))).toMatchObject({ width: 40 });
  });

  it('is not whole if anything is missing at its end', () => {
    for (let length = 8; length < png.length; length += 1) {
      expect(check(png.subarray(0, length)), `${length} bytes`).toMatchObject({ code: 'image-truncated' });
    }
  });

  it('is refused by its header alone if it has too many pixels', () => {
    const bomb = pngOf({ width: 50_000, height: 50_000 }, new Uint8Array(10));
    expect(check(bomb)).toMatchObject({
      code: 'image-too-many-pixels',
      detail: expect.stringContaining('1000 × 1000.'),
    });
  });

  it.each([
    ['a checksum that does not fit', changed(png, 19, 41), 'the checksum of its header does not fit'],
    ['a width of 0', pngOf({ width: 0, height: 1 }, new Uint8Array(1)), 'it has no pixels'],
    [
      'three bits a sample',
      pngOf({ width: 1, height: 1, depth: 3 }, new Uint8Array(4)),
      'its header names a kind',
    ],
    [
      'a colour type of 5',
      pngOf({ width: 1, height: 1, colourType: 5 }, new Uint8Array(4)),
      'its header names a kind',
    ],
    [
      'interlacing of kind 2',
      pngOf({ width: 1, height: 1, interlace: 2 }, new Uint8Array(4)),
      'its header names a kind',
    ],
    ['no pixel data', bytes(png.subarray(0, 33), chunk('IEND', new Uint8Array(0))), 'it has no pixel data'],
    [
      'another chunk first',
      bytes(PNG_SIGNATURE, chunk('tEXt', new Uint8Array(13)), png.subarray(8)),
      'a PNG begins with',
    ],
  ])('is damaged with %s', (_, file, detail) => {
    expect(check(file)).toMatchObject({ code: 'image-corrupt', detail: expect.stringContaining(detail) });
  });
});
