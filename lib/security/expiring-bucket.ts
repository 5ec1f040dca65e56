import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DataKey } from './data-key.ts';

/** An upload that was broken off costs money until it is aborted. */
const ABORT_UPLOADS_AFTER = Duration.days(1);

export interface ExpiringBucketProps {
  /** Days after which an object is deleted. */
  readonly expireDays: number;
  /** @default - encrypted with a key of S3 */
  readonly key?: DataKey | undefined;
}

/**
 * A bucket for what is needed for some days only: encrypted, reachable over TLS only, and emptying itself. CloudFormation
 * can't delete a bucket that holds objects, so it stays behind when its stack is deleted.
 */
export function expiringBucket(
  scope: Construct,
  id: string,
  { expireDays, key }: ExpiringBucketProps,
): Bucket {
  return new Bucket(scope, id, {
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key.key, bucketKeyEnabled: true }),
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [
      { expiration: Duration.days(expireDays), abortIncompleteMultipartUploadAfter: ABORT_UPLOADS_AFTER },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
