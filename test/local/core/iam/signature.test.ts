import { describe, expect, it } from 'vitest';
import { readSignature } from '../../../../local/core/iam/signature.ts';

describe('readSignature', () => {
  it('reads the credential scope', () => {
    const header =
      'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/sqs/aws4_request,SignedHeaders=host,Signature=0';
    expect(readSignature(header, new URLSearchParams())).toEqual({
      accessKeyId: 'KEY',
      region: 'eu-west-1',
      service: 'sqs',
    });
  });

  it.each([
    '',
    'Bearer abc',
    'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/sqs',
    'AWS4-HMAC-SHA256 Credential=/1/2/3/aws4_request',
  ])('takes %j as unsigned', (header) => {
    expect(readSignature(header, new URLSearchParams())).toBeUndefined();
  });
});
