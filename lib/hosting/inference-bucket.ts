import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import type { DataKey } from '../security/data-key.ts';
import { acknowledgeFolders, privateBucket } from '../security/private-bucket.ts';

/** Requests for the endpoints, what their completion needs to know, and by variant what the endpoints answered. */
const INPUTS = 'inputs';
const REQUESTS = 'requests';
const OUTPUTS = 'outputs';
const FAILURES = 'failures';

/** Requests of verifications, which have this folder to themselves. */
const VERIFICATION = `${INPUTS}/verification`;

export interface InferenceBucketProps {
  /** Days after which an object is deleted. */
  readonly expireDays: number;
  /** @default - encrypted with a key of S3 */
  readonly key?: DataKey | undefined;
}

/**
 * Where the asynchronous endpoints of one model, one for each variant, find their requests and leave their answers. It is
 * empty again some days after the last request, and stays behind when its stack is deleted.
 */
export class InferenceBucket extends Construct {
  readonly #bucket: Bucket;
  readonly #key: DataKey | undefined;

  constructor(scope: Construct, id: string, { expireDays, key }: InferenceBucketProps) {
    super(scope, id);
    this.#key = key;
    this.#bucket = privateBucket(this, 'Bucket', {
      key,
      lifecycleRules: [{ expiration: Duration.days(expireDays) }],
      accessLogReason:
        'Only the functions and the endpoints of this stack may reach it, and each request is in their logs and in the table.',
    });
  }

  get bucketName(): string {
    return this.#bucket.bucketName;
  }

  /** Where the endpoint of a variant leaves its answers. */
  outputPath(variant: string): string {
    return this.#bucket.s3UrlForObject(folderOf(OUTPUTS, variant));
  }

  /** Where it leaves what its container said instead of an answer. */
  failurePath(variant: string): string {
    return this.#bucket.s3UrlForObject(folderOf(FAILURES, variant));
  }

  /** Lets a function put requests. */
  grantSubmit(fn: IFunction): Grant {
    this.#key?.grantWriteObjects(fn);
    return this.#grant(fn, ['s3:PutObject'], [INPUTS, REQUESTS]);
  }

  /** Lets a function read answers, and what it has to know of their requests. */
  grantComplete(fn: IFunction): Grant {
    this.#key?.grantReadObjects(fn);
    return this.#grant(fn, ['s3:GetObject'], [REQUESTS, OUTPUTS]);
  }

  /** Lets a function that reads answers look for those of a verification, and delete what that has asked. */
  grantCollect(fn: IFunction): void {
    this.#grant(fn, ['s3:GetObject'], [FAILURES]);
    this.#grant(fn, ['s3:DeleteObject'], [VERIFICATION]);
    // Without it, S3 answers for what is not there yet with "access denied", which can't be told from a mistake in this policy.
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['s3:ListBucket'],
      resourceArns: [this.#bucket.bucketArn],
    });
  }

  /** Says why the role of a variant's endpoint, below a construct, may reach every object of its folders. */
  acknowledgeEndpoint(scope: IConstruct, variant: string): void {
    acknowledgeFolders(scope, this.#bucket, [
      INPUTS,
      folderOf(OUTPUTS, variant),
      folderOf(FAILURES, variant),
    ]);
  }

  /** What the role of a variant's endpoint may do here: read requests, write answers and failures of its own. */
  endpointStatements(variant: string): readonly PolicyStatement[] {
    return [
      new PolicyStatement({
        sid: 'ReadRequests',
        actions: ['s3:GetObject'],
        resources: this.#objects([INPUTS]),
      }),
      new PolicyStatement({
        sid: 'WriteAnswers',
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: this.#objects([folderOf(OUTPUTS, variant), folderOf(FAILURES, variant)]),
      }),
      // Without it, S3 answers a missing request with "access denied", which sends whoever reads it astray.
      new PolicyStatement({
        sid: 'TellMissingFromDenied',
        actions: ['s3:ListBucket'],
        resources: [this.#bucket.bucketArn],
      }),
    ];
  }

  #grant(grantee: IFunction, actions: string[], folders: readonly string[]): Grant {
    acknowledgeFolders(grantee.role ?? grantee, this.#bucket, folders);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: this.#objects(folders) });
  }

  #objects(folders: readonly string[]): string[] {
    return folders.map((folder) => this.#bucket.arnForObjects(`${folder}/*`));
  }
}

function folderOf(folder: string, variant: string): string {
  return `${folder}/${variant}`;
}
