import { describe, expect, it } from 'vitest';
import { DEV, PROD } from '../support/environments.ts';
import { ASYNCHRONOUS, artifactModel, deploymentOf, imageModel, SERVERLESS } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  statementsOf,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const LAMBDA = { mode: 'lambda', memoryMb: 2048 } as const;
const stacks = {
  dev: await synthesizeModel(imageModel, deploymentOf(LAMBDA), DEV),
  prod: await synthesizeModel(imageModel, deploymentOf(ASYNCHRONOUS), PROD),
  served: await synthesizeModel(imageModel, deploymentOf(SERVERLESS), DEV),
  without: await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV),
};

const bucketOf = ({ model }: Synthesized) => {
  const [bucket] = resourcesOf(model, 'AWS::S3::Bucket').filter(({ logicalId }) =>
    logicalId.startsWith('Uploads'),
  );
  if (bucket === undefined) throw new Error('the template has no bucket for uploads');
  return bucket;
};

/** What a function may do in S3, each with where. */
function inS3({ model }: Synthesized, fn: string): readonly string[] {
  const statements = statementsOf(model, roleOf(functionNamed(model, fn)));
  return statements
    .filter(({ Action }) => JSON.stringify(Action).includes('s3:'))
    .map(({ Action, Resource }) => `${Action} ${flat(Resource)}`);
}

describe('the bucket for uploads', () => {
  it('is there, with its function and its route, only where the model takes images', () => {
    const paths = ({ model }: Synthesized) =>
      resourcesOf(model, 'AWS::ApiGateway::Resource').map(({ Properties }) => Properties.PathPart);
    expect(paths(stacks.dev)).toContain('uploads');
    expect(functionNamed(stacks.dev.model, 'upload').Type).toBe('AWS::Lambda::Function');
    expect(paths(stacks.without)).not.toContain('uploads');
    expect(resourcesOf(stacks.without.model, 'AWS::S3::Bucket')).toEqual([]);
    expect(() => functionNamed(stacks.without.model, 'upload')).toThrow('no function upload');
  });

  it('is closed to the public, reached over TLS only, and empties itself after a day', () => {
    const { Properties } = only(stacks.dev.model, 'AWS::S3::Bucket');
    expect(Properties).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1, Status: 'Enabled' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    expect(flat(JSON.stringify(only(stacks.dev.model, 'AWS::S3::BucketPolicy').Properties))).toContain(
      '"aws:SecureTransport":"false"',
    );
  });

  it("is encrypted with the stack's key in prod, which its two functions may use through S3", () => {
    expect(bucketOf(stacks.prod).Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
    const through = (fn: string) =>
      statementsOf(stacks.prod.model, roleOf(functionNamed(stacks.prod.model, fn))).filter(({ Condition }) =>
        JSON.stringify(Condition ?? {}).includes('s3.'),
      );
    expect(actionsOf(through('upload'))).toEqual(['kms:GenerateDataKey']);
    expect(actionsOf(through('predict'))).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });
});

describe('who may touch uploads', () => {
  it('is the function that offers URLs, which writes, and the one that predicts, which reads', () => {
    const bucket = `{${bucketOf(stacks.dev).logicalId}.Arn}`;
    expect(inS3(stacks.dev, 'upload')).toEqual([`s3:PutObject ${bucket}/uploads/*`]);
    expect(inS3(stacks.dev, 'predict')).toEqual([
      `s3:GetObject ${bucket}/uploads/*`,
      `s3:ListBucket ${bucket}`,
    ]);
    for (const fn of ['feedback', 'get-prediction', 'health', 'describe', 'drain']) {
      expect(inS3(stacks.dev, fn)).toEqual([]);
    }
  });

  it('is the same beside an asynchronous endpoint, whose payloads lie in another bucket', () => {
    expect(resourcesOf(stacks.prod.model, 'AWS::S3::Bucket')).toHaveLength(2);
    const bucket = `{${bucketOf(stacks.prod).logicalId}.Arn}`;
    expect(inS3(stacks.prod, 'upload')).toEqual([`s3:PutObject ${bucket}/uploads/*`]);
    expect(inS3(stacks.prod, 'predict')).toContain(`s3:GetObject ${bucket}/uploads/*`);
    expect(inS3(stacks.prod, 'complete').join()).not.toContain(bucketOf(stacks.prod).logicalId);
  });

  it('is told where they are', () => {
    const variable = (stack: Synthesized, fn: string) =>
      (functionNamed(stack.model, fn).Properties.Environment as { Variables: Record<string, unknown> })
        .Variables.UPLOAD_BUCKET;
    const { logicalId } = bucketOf(stacks.dev);
    expect(variable(stacks.dev, 'upload')).toEqual({ Ref: logicalId });
    expect(variable(stacks.dev, 'predict')).toEqual({ Ref: logicalId });
    expect(variable(stacks.dev, 'feedback')).toBeUndefined();
    expect(variable(stacks.without, 'predict')).toBeUndefined();
  });
});

describe('the function that decodes images', () => {
  const memory = (stack: Synthesized) => functionNamed(stack.model, 'predict').Properties.MemorySize;

  it('has the memory that its images need, or what its deployment declares where it holds the model', () => {
    expect(memory(stacks.dev)).toBe(2048);
    // 10 megapixels of 40 MB each beside 512 MB for everything else: less than the function has anyway.
    expect(memory(stacks.served)).toBe(1024);
    expect(memory(stacks.without)).toBe(1024);
  });
});

describe("API Gateway's answer to a body of more than 10 MB", () => {
  const detail = ({ model }: Synthesized) => {
    const [answer] = resourcesOf(model, 'AWS::ApiGateway::GatewayResponse').filter(
      ({ Properties }) => Properties.ResponseType === 'REQUEST_TOO_LARGE',
    );
    const templates = answer?.Properties.ResponseTemplates as Record<string, string>;
    return JSON.parse(templates['application/json'] ?? '').detail;
  };

  it('names the route for uploads where there is one', () => {
    expect(detail(stacks.dev)).toContain('POST /uploads answers where to');
    expect(detail(stacks.without)).not.toContain('/uploads');
    expect(detail(stacks.without)).toContain('Send several requests.');
  });
});
