import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { NotYet } from './patience.ts';

/** An object in S3, and what its content is said to be. */
export interface DeclaredObject {
  readonly bucket: string;
  readonly key: string;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** How often S3 is asked: a role's policies take some seconds to be known everywhere. */
const ATTEMPTS = 5;

/**
 * The SHA-256 of an object's bytes, in hexadecimal digits, as S3 has computed it; undefined where it holds none: the object
 * was uploaded with another checksum, or in parts, which have one each (S3 user guide, "Checking object integrity").
 * @throws {NotYet} where S3 does not say, whatever the reason
 */
export async function storedSha256(
  { bucket, key }: DeclaredObject,
  abortSignal: AbortSignal,
  config: S3ClientConfig = {},
): Promise<string | undefined> {
  // A large client, which few models have a use for.
  const { HeadObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ ...config, maxAttempts: 1 });
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
  const { ChecksumSHA256, ChecksumType } = await client
    .send(command, { abortSignal })
    .catch((error: Error) => {
      // An answer to HEAD has no body that could say more.
      const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
      const status = $metadata?.httpStatusCode;
      throw new NotYet(
        status === undefined ? error.message : `S3 answers with the status ${status}`,
        ATTEMPTS,
      );
    });
  if (ChecksumSHA256 === undefined || ChecksumType !== 'FULL_OBJECT') return undefined;
  return Buffer.from(ChecksumSHA256, 'base64').toString('hex');
}
