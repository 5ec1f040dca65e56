import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { BATCH_FOLDERS } from '../../../contract/deployment/batch.ts';
import type { DataKey } from '../../security/data-key.ts';
import { acknowledgeFolders, privateBucket } from '../../security/private-bucket.ts';

const { incoming, work, results } = BATCH_FOLDERS;

/** Days after which the pieces of a batch are deleted: longer than one runs, with time to look at one that failed. */
const EXPIRE_WORK_DAYS = 14;

export interface BatchBucketProps {
  /** Days after which inputs and results are deleted. */
  readonly expireDays: number;
  /** @default - encrypted with a key of S3 */
  readonly key?: DataKey | undefined;
}

/** Where the files of batches lie: what comes in, what results, and what lies in between. */
export class BatchBucket extends Construct {
  readonly #bucket: Bucket;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { expireDays, key }: BatchBucketProps) {
    super(scope, id);
    this.#key = key;
    this.#bucket = privateBucket(this, 'Bucket', {
      key,
      lifecycleRules: [
        ...[incoming, results].map((folder) => ({
          prefix: `${folder}/`,
          expiration: Duration.days(expireDays),
        })),
        { prefix: `${work}/`, expiration: Duration.days(EXPIRE_WORK_DAYS) },
      ],
      accessLogReason:
        'Each execution tells who started it and what it read and wrote; CloudTrail data events tell of people.',
    });
  }

  get bucketName(): string {
    return this.#bucket.bucketName;
  }

  /** Lets the first step read inputs, and write what the model is asked. */
  grantPrepare(fn: IFunction): void {
    this.#grant(fn, { read: incoming, write: work });
  }

  /** Lets the last step read what the model answered, and write results. */
  grantFinish(fn: IFunction): void {
    this.#grant(fn, { read: work, write: results });
  }

  /** What a transform job may do here on behalf of its model's role. */
  transformStatements(): readonly PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'ExchangeBatches',
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
        resources: [this.#objects(work)],
      }),
      new PolicyStatement({
        sid: 'ListBatches',
        actions: ['s3:ListBucket'],
        resources: [this.#bucket.bucketArn],
      }),
      ...(this.#key?.objectStatements() ?? []),
    ];
  }

  /** Says why the role of the transform job's model may do that to every object of the folder. */
  acknowledgeTransform(role: IConstruct): void {
    acknowledgeFolders(role, this.#bucket, [work]);
  }

  #grant(grantee: IFunction, { read, write }: { readonly read: string; readonly write: string }): void {
    this.#key?.grantReadObjects(grantee);
    this.#key?.grantWriteObjects(grantee);
    acknowledgeFolders(grantee.role ?? grantee, this.#bucket, [read, write]);
    const grant = (action: string, resourceArn: string) =>
      Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resourceArn] });
    grant('s3:ListBucket', this.#bucket.bucketArn);
    grant('s3:GetObject', this.#objects(read));
    grant('s3:PutObject', this.#objects(write));
  }

  #objects(folder: string): string {
    return this.#bucket.arnForObjects(`${folder}/*`);
  }
}
