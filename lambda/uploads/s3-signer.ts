import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { SignUpload } from './uploads.ts';

/** Headers that the signature covers: S3 refuses a file of another type or length than the URL was made for. */
const SIGNED_HEADERS = new Set(['content-type', 'content-length']);

/** Signs for one bucket, with the function's own credentials: a URL is good for what the function may do, and no longer. */
export function s3Signer(bucket: string): SignUpload {
  // A checksum can't be signed before the file is known.
  const client = new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  return ({ key, contentType, bytes, expiresInSeconds }) => {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentType: contentType,
      ContentLength: bytes,
    });
    return getSignedUrl(client, command, { expiresIn: expiresInSeconds, signableHeaders: SIGNED_HEADERS });
  };
}
