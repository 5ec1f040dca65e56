import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import type { DataKey } from './data-key.ts';

/** An upload that was broken off costs money until it is aborted. */
const ABORT_UPLOADS_AFTER = Duration.days(1);

export interface PrivateBucketProps {
  /** What is deleted when; broken-off uploads are aborted besides. */
  readonly lifecycleRules: readonly LifecycleRule[];
  /** @default - encrypted with a key of S3 */
  readonly key?: DataKey | undefined;
  /** Why nobody logs each access to it. */
  readonly accessLogReason: string;
}

/**
 * A bucket that is encrypted and reachable over TLS only. CloudFormation can't delete a bucket that holds objects, so it
 * stays behind when its stack is deleted.
 */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): Bucket {
  const { lifecycleRules, key, accessLogReason } = props;
  const bucket = new Bucket(scope, id, {
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key.key, bucketKeyEnabled: true }),
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: lifecycleRules.map((rule) => ({
      ...rule,
      abortIncompleteMultipartUploadAfter: ABORT_UPLOADS_AFTER,
    })),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, 'AwsSolutions-S1', accessLogReason);
  return bucket;
}

/** Says why a role at or below a construct may do to every object of a folder what it has been granted there. */
export function acknowledgeFolders(scope: IConstruct, bucket: Bucket, folders: readonly string[]): void {
  for (const folder of folders) {
    acknowledgeWildcard(
      scope,
      bucket.arnForObjects(`${folder}/*`),
      'The objects of a folder are named after requests, which are not known before they come.',
    );
  }
}
