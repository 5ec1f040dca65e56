import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { UPLOAD_HOURS } from '../../contract/requests/uploads.ts';
import type { DataKey } from '../security/data-key.ts';
import { acknowledgeFolders, privateBucket } from '../security/private-bucket.ts';

const FOLDER = 'uploads';

export interface UploadBucketProps {
  /** @default - encrypted with a key of S3 */
  readonly key?: DataKey | undefined;
}

/**
 * Where callers put images that are too large for a request. They write by presigned URL, one file each, and never read:
 * only predictions do. Whatever lies here is deleted after a day.
 */
export class UploadBucket extends Construct {
  readonly #bucket: Bucket;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { key }: UploadBucketProps) {
    super(scope, id);
    this.#key = key;
    this.#bucket = privateBucket(this, 'Bucket', {
      key,
      lifecycleRules: [{ expiration: Duration.days(Math.ceil(UPLOAD_HOURS / 24)) }],
      accessLogReason:
        'Each upload is offered, and used, by a function of this stack, whose logs name it by its id.',
    });
  }

  get bucketName(): string {
    return this.#bucket.bucketName;
  }

  /** Lets a function sign URLs to which one file may be put: a URL may do what its signer may. */
  grantOffer(fn: IFunction): Grant {
    this.#key?.grantWriteObjects(fn);
    return this.#grantObjects(fn, 's3:PutObject');
  }

  /** Lets a function read uploads. */
  grantRead(fn: IFunction): Grant {
    this.#key?.grantReadObjects(fn);
    this.#grantObjects(fn, 's3:GetObject');
    // Without it, S3 answers a missing upload with "access denied", which can't be told from a mistake in this policy.
    return Grant.addToPrincipal({
      grantee: fn,
      actions: ['s3:ListBucket'],
      resourceArns: [this.#bucket.bucketArn],
    });
  }

  #grantObjects(grantee: IFunction, action: string): Grant {
    acknowledgeFolders(grantee.role ?? grantee, this.#bucket, [FOLDER]);
    return Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: [this.#bucket.arnForObjects(`${FOLDER}/*`)],
    });
  }
}
