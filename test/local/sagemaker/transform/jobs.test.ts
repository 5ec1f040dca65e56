import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../../local/core/cloud.ts';
import { s3Plugin } from '../../../../local/s3/plugin.ts';
import type { S3Service } from '../../../../local/s3/service.ts';
import { createSageMakerPlugin } from '../../../../local/sagemaker/plugin.ts';
import type { TransformService } from '../../../../local/sagemaker/transform/service.ts';
import { startCloud } from '../../core/support/clouds.ts';
import { synthesizeStack } from '../../core/support/synthesize.ts';
import { Hosting } from '../fixture/stack.ts';

const bucketName = 'batches';

const assemblyDir = synthesizeStack((stack) => {
  const bucket = new Bucket(stack, 'Batches', { bucketName });
  const hosting = new Hosting(stack);
  const worker = (name: string, ...actions: string[]) => {
    const role = new Role(stack, `${name}Role`, {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    });
    role.addToPolicy(
      new PolicyStatement({ actions, resources: [bucket.bucketArn, bucket.arnForObjects('*')] }),
    );
    hosting.model(name, { GREETING: name }).executionRoleArn = role.roleArn;
  };
  worker('allowed', 's3:ListBucket', 's3:GetObject', 's3:PutObject');
  worker('blind', 's3:ListBucket', 's3:PutObject');
  worker('mute', 's3:ListBucket', 's3:GetObject');
  const caller = new Role(stack, 'caller', {
    roleName: 'caller',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  caller.addToPolicy(
    new PolicyStatement({
      actions: ['sagemaker:DescribeTransformJob'],
      resources: ['arn:aws:sagemaker:us-east-1:000000000000:transform-job/mine'],
    }),
  );
});

let cloud: RunningCloud;
let jobs: TransformService;
let s3: S3Service;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, plugins: [s3Plugin, createSageMakerPlugin()] });
  const { transformJobs, s3: objects } = cloud.services;
  if (transformJobs === undefined || objects === undefined) throw new Error('a service did not start');
  jobs = transformJobs;
  s3 = objects;
});

const modelName = (id: string) => {
  const model = cloud.cloud
    .resources('AWS::SageMaker::Model')
    .find(({ path }) => path.endsWith(`${id}Model`));
  return model?.attributes.ModelName ?? '';
};

const job = (TransformJobName: string, more: object = {}, input: object = {}) => ({
  TransformJobName,
  ModelName: modelName('allowed'),
  BatchStrategy: 'SingleRecord',
  TransformInput: {
    DataSource: {
      S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucketName}/${TransformJobName}/in/` },
    },
    ContentType: 'text/plain',
    ...input,
  },
  TransformOutput: { S3OutputPath: `s3://${bucketName}/${TransformJobName}/out`, Accept: 'application/json' },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  ...more,
});

async function run(
  name: string,
  files: Readonly<Record<string, string>>,
  more: object = {},
  input: object = {},
) {
  for (const [file, text] of Object.entries(files))
    await s3.put(bucketName, `${name}/in/${file}`, Buffer.from(text), 'text/plain');
  await jobs.create(job(name, more, input));
  return jobs.ended(name);
}

const output = async (key: string) => {
  const found = await s3.get(bucketName, key);
  return found === undefined ? undefined : JSON.parse(found.body.toString());
};

describe('a transform job', () => {
  it('sends each object to a model server of its own, and leaves the answers beside one another', async () => {
    const description = await run('whole', { 'a.txt': 'one', 'deep/b.txt': 'three' });

    expect(description).toMatchObject({
      TransformJobStatus: 'Completed',
      TransformJobArn: 'arn:aws:sagemaker:us-east-1:000000000000:transform-job/whole',
      MaxPayloadInMB: 6,
    });
    expect(description.TransformEndTime).toBeGreaterThanOrEqual(description.CreationTime);
    expect(await output('whole/out/a.txt.out')).toMatchObject({
      length: 3,
      model: 'trained',
      greeting: 'allowed',
      contentType: 'text/plain',
      accept: 'application/json',
    });
    expect(await output('whole/out/deep/b.txt.out')).toMatchObject({ length: 5 });
  });

  it('splits objects as it is told to', async () => {
    await run('lines', { 'a.txt': 'a\nbb\nccc\n' }, { BatchStrategy: 'SingleRecord' }, { SplitType: 'Line' });
    const text = (await s3.get(bucketName, 'lines/out/a.txt.out'))?.body.toString() ?? '';

    expect([...text.matchAll(/"length":(\d)/g)].map(([, length]) => length)).toEqual(['2', '3', '4']);
  });

  it.each([
    ['refused', 'refuse', 'ClientError: the model server refused a request with 400'],
    ['failing', 'fail', 'AlgorithmError: the model server failed on a request with 503'],
    ['dying', 'exit', 'AlgorithmError: the model process ended with exit code 3'],
  ])('%s by its model server fails with the reason', async (name, text, reason) => {
    const { TransformJobStatus, FailureReason } = await run(name, { 'a.txt': text });

    expect(TransformJobStatus).toBe('Failed');
    expect(FailureReason).toBe(reason);
    expect(await output(`${name}/out/a.txt.out`)).toBeUndefined();
  });

  it.each([
    ['blind', 's3:GetObject'],
    ['mute', 's3:PutObject'],
  ])('of a %s role fails, and names %s', async (name, action) => {
    const { FailureReason } = await run(name, { 'a.txt': 'one' }, { ModelName: modelName(name) });

    expect(FailureReason).toContain(`ClientError: User: `);
    expect(FailureReason).toContain(`is not authorized to perform: ${action}`);
  });

  it('fails where nothing lies below its prefix', async () => {
    const { FailureReason } = await run('nothing', {});

    expect(FailureReason).toBe(`ClientError: no objects are found below s3://${bucketName}/nothing/in/`);
  });

  it('ends its model server when it is stopped', async () => {
    await s3.put(bucketName, 'stopped/in/a.txt', Buffer.from('hang'), 'text/plain');
    await jobs.create(job('stopped'));
    const processes = async () =>
      (await (await fetch(`${cloud.frontDoorUrl}/_local/processes`)).json()) as {
        processes: { name: string; pid: number; inFlight?: number }[];
      };
    const own = async () =>
      (await processes()).processes.find(({ name }) => name === 'transform-job/stopped');
    await expect.poll(async () => (await own())?.inFlight).toBe(1);
    const { pid = 0 } = (await own()) ?? {};

    await jobs.stop('stopped');
    expect(await jobs.ended('stopped')).toMatchObject({ TransformJobStatus: 'Stopped' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await own()).toBeUndefined();
  });
});

describe('a request for one', () => {
  it.each([
    ['another model', { ModelName: 'nobody' }, 'ValidationException', 'Could not find model "nobody"'],
    ['too much at once', { MaxConcurrentTransforms: 17 }, 'ValidationException', 'must not exceed 100 MB'],
    [
      'many records of what is not split',
      { BatchStrategy: 'MultiRecord' },
      'ValidationException',
      'SplitType',
    ],
    ['what is not emulated', { DataProcessing: {} }, 'ValidationException', 'DataProcessing'],
  ])('is refused for %s', async (_, more, code, message) => {
    await expect(jobs.create(job('refusal', more))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('is refused for a name that is taken', async () => {
    await run('taken', { 'a.txt': 'one' });

    await expect(jobs.create(job('taken'))).rejects.toMatchObject({ code: 'ResourceInUse' });
    await expect(jobs.describe('nobody')).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });

  it('comes through the front door as well, with the permissions of who sends it', async () => {
    const send = async (operation: string, body: object, accessKeyId = 'developer') => {
      const scope = `${accessKeyId}/20260101/us-east-1/sagemaker/aws4_request`;
      const response = await fetch(cloud.frontDoorUrl, {
        method: 'POST',
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
          'x-amz-target': `SageMaker.${operation}`,
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const { accessKeyId } = cloud.cloud.credentialsFor('arn:aws:iam::000000000000:role/caller');
    await s3.put(bucketName, 'mine/in/a.txt', Buffer.from('one'), 'text/plain');

    expect(await send('CreateTransformJob', job('mine'))).toMatchObject({ status: 200 });
    await jobs.ended('mine');
    const described = await send('DescribeTransformJob', { TransformJobName: 'mine' }, accessKeyId);
    expect(described).toMatchObject({ status: 200, body: { TransformJobStatus: 'Completed' } });
    expect(await send('StopTransformJob', { TransformJobName: 'mine' }, accessKeyId)).toMatchObject({
      status: 403,
    });
    expect(await send('CreateTrainingJob', {})).toMatchObject({ status: 501 });
  });
});
