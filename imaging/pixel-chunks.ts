const SIGNATURE_BYTES = 8;
/** Length, type and checksum around a chunk's data (PNG specification, third edition, section 5.3). */
const CHUNK_FRAME_BYTES = 12;

/** The critical chunks: what the stored pixels are made of (section 11.2). */
const CRITICAL = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/**
 * A PNG, whose chunks were checked, with nothing but what its stored pixels are made of. Transparency is not: the decoder would
 * put 0 in the place of every pixel of a colour that tRNS names as transparent. Nor is what stands behind IEND, for which the
 * decoder refuses the whole file.
 */
export function pixelChunks(png: Uint8Array): Buffer {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const parts = [file.subarray(0, SIGNATURE_BYTES)];
  for (let offset = SIGNATURE_BYTES; offset < file.length; ) {
    const end = offset + CHUNK_FRAME_BYTES + file.readUInt32BE(offset);
    const type = file.toString('latin1', offset + 4, offset + 8);
    if (CRITICAL.includes(type)) parts.push(file.subarray(offset, end));
    if (type === 'IEND') break;
    offset = end;
  }
  return Buffer.concat(parts);
}
