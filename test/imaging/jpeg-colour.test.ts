import { describe, expect, it } from 'vitest';
import { isYCbCr } from '../../imaging/jpeg-colour.ts';

const segment = (marker: number, data: Uint8Array) =>
  Buffer.concat([Buffer.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255), data]);

const JFIF = segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'));
const SHORT_JFIF = segment(0xe0, Buffer.from('JFIF\0', 'latin1'));
const adobe = (transform: number) =>
  segment(0xee, Buffer.concat([Buffer.from('Adobe\0\x64\0\0\0\0', 'latin1'), Buffer.of(transform)]));
const frame = (ids: string, marker = 0xc0) =>
  segment(marker, Buffer.from([8, 0, 1, 0, 1, 3, ...[...ids].flatMap((id) => [id.charCodeAt(0), 0x11, 0])]));
const SCAN = segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0]));

const header = (...parts: Uint8Array[]) => Buffer.concat([Buffer.of(0xff, 0xd8), ...parts]);

describe('three components', () => {
  it.each([
    ['with nothing said', [frame('\x01\x02\x03'), SCAN], true],
    ['with unknown names', [frame('\0\x01\x02'), SCAN], true],
    ['called R, G and B', [frame('RGB'), SCAN], false],
    ['called R, G and B, in a progressive frame', [frame('RGB', 0xc2), SCAN], false],
    ['called r, g and b', [frame('rgb'), SCAN], true],
    ['that Adobe transformed', [adobe(1), frame('RGB'), SCAN], true],
    ['that Adobe did not transform', [adobe(0), frame('\x01\x02\x03'), SCAN], false],
    ['that Adobe did not transform, told behind the frame', [frame('\x01\x02\x03'), adobe(0), SCAN], false],
    ['of JFIF, whatever Adobe says', [JFIF, adobe(0), frame('RGB'), SCAN], true],
    ['of a JFIF segment that is none', [SHORT_JFIF, frame('RGB'), SCAN], false],
    ['whose names follow fill bytes', [Buffer.of(0xff, 0xff), frame('RGB'), SCAN], false],
    ['with Adobe behind the scan, where it is too late', [frame('\x01\x02\x03'), SCAN, adobe(0)], true],
  ])('%s', (_, parts, expected) => {
    expect(isYCbCr(header(...parts))).toBe(expected);
  });

  it('are taken for what is usual where the file ends early', () => {
    for (const end of [0, 1, 2, 3, 5, 9]) expect(isYCbCr(header(frame('RGB')).subarray(0, end))).toBe(true);
  });
});
