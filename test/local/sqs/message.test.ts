import { describe, expect, it } from 'vitest';
import { md5OfAttributes, sizeOf } from '../../../local/sqs/message.ts';

describe('md5OfAttributes', () => {
  it('agrees with what SQS answered for the same attribute', () => {
    const timestamp = { DataType: 'Number', StringValue: '1493147359900' };
    expect(md5OfAttributes({ timestamp })).toBe('235c5c510d26fb653d073faed50ae77c');
  });

  it('is absent where there are none', () => {
    expect(md5OfAttributes({})).toBeUndefined();
  });
});

describe('sizeOf', () => {
  it('counts bytes of the body and of names, types and values', () => {
    const raw = { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 3]).toString('base64') };
    expect(sizeOf('✓', { raw })).toBe(3 + 3 + 6 + 3);
  });
});
