import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ModelData } from '../../contract/deployment/containers.ts';

export interface ModelObjectProps {
  /** An object in S3. @default - {@link archive} */
  readonly modelData?: ModelData | undefined;
  /** An archive that is uploaded with the stack. */
  readonly archive?: string | undefined;
}

/** An object in S3, and what its content is said to be. */
export interface DeclaredObject {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** The object that SageMaker unpacks for a container, and what reads exactly that. */
export class ModelObject extends Construct {
  readonly url: string;
  readonly statements: readonly PolicyStatement[];
  /** What is declared of an object that was in S3 before. @default - it is uploaded with the stack, under its hash */
  readonly declared?: DeclaredObject;

  constructor(scope: Construct, id: string, { modelData, archive }: ModelObjectProps) {
    super(scope, id);
    if (modelData !== undefined) {
      const { bucket, key } = placeOf(modelData.s3Uri);
      this.declared = { bucket, key, sha256: modelData.sha256 };
      this.url = modelData.s3Uri;
      this.statements = [
        readsObject(
          Stack.of(this).formatArn({
            service: 's3',
            region: '',
            account: '',
            resource: bucket,
            resourceName: key,
          }),
        ),
        ...(modelData.kmsKeyArn === undefined ? [] : [decrypts(modelData.kmsKeyArn)]),
      ];
      return;
    }
    if (archive === undefined) throw new Error(`${this.node.path}: there is no archive of the model`);
    // The object's key is the hash of its content, so new weights are a new model and a new deployment.
    const asset = new Asset(this, 'Asset', { path: archive });
    this.url = asset.s3ObjectUrl;
    this.statements = [readsObject(asset.bucket.arnForObjects(asset.s3ObjectKey))];
  }

  /** Lets a function ask S3 for the object's checksum: to S3 that is reading it, and decrypting it (API reference, HeadObject). */
  grantCheck(grantee: IGrantable): readonly Grant[] {
    return this.statements.map(({ actions, resources }) =>
      Grant.addToPrincipal({ grantee, actions, resourceArns: resources }),
    );
  }
}

function placeOf(s3Uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(s3Uri) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${s3Uri} names no object in S3`);
  return { bucket, key };
}

function readsObject(arn: string): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadModelData', actions: ['s3:GetObject'], resources: [arn] });
}

function decrypts(keyArn: string): PolicyStatement {
  return new PolicyStatement({ sid: 'DecryptModelData', actions: ['kms:Decrypt'], resources: [keyArn] });
}
