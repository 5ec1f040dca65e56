import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/core/cloud.ts';
import { s3Plugin } from '../../../local/s3/plugin.ts';
import { clientConfig, startCloud } from '../core/support/clouds.ts';
import { temporaryFolder } from '../core/support/folders.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const bucketName = 'payloads';
const assemblyDir = synthesizeStack((stack) => {
  const bucket = new Bucket(stack, 'Payloads', { bucketName, enforceSSL: true });
  const role = (roleName: string) =>
    new Role(stack, roleName, { roleName, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  bucket.grantPut(role('writer'), 'inputs/*');
  bucket.grantRead(role('reader'), 'inputs/*');
});
const clock = new ManualClock();
let cloud: RunningCloud;
let client: S3Client;
let writer: S3Client;
let reader: S3Client;

const roleArn = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
const put = (Key: string, Body: string | Buffer, by = client) =>
  by.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType: 'application/json' }));
const get = async (Key: string, by = client) => {
  const answer = await by.send(new GetObjectCommand({ Bucket: bucketName, Key }));
  return { ...answer, text: (await answer.Body?.transformToString()) ?? '' };
};

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, clock, plugins: [s3Plugin] });
  client = new S3Client(clientConfig(cloud));
  writer = new S3Client(clientConfig(cloud, roleArn('writer')));
  reader = new S3Client(clientConfig(cloud, roleArn('reader')));
});

describe('objects', () => {
  it('are read as they were put, with their type, size and tag', async () => {
    const bytes = Buffer.from([0, 10, 255, 13, 10, 123]);
    const { ETag } = await put('inputs/a b/ü.bin', bytes);
    const answer = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: 'inputs/a b/ü.bin' }));

    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    expect(answer.ContentType).toBe('application/json');
    expect(answer.ETag).toBe(ETag);
    const head = await client.send(new HeadObjectCommand({ Bucket: bucketName, Key: 'inputs/a b/ü.bin' }));
    expect(head.ContentLength).toBe(6);
  });

  it('are replaced whole, and deleted', async () => {
    await put('inputs/twice', 'first');
    await put('inputs/twice', 'second');
    expect((await get('inputs/twice')).text).toBe('second');
    await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: 'inputs/twice' }));
    await expect(get('inputs/twice')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are listed in order, page by page', async () => {
    for (const key of ['list/b', 'list/a', 'list/c', 'other']) await put(key, key);
    const first = await client.send(
      new ListObjectsV2Command({ Bucket: bucketName, Prefix: 'list/', MaxKeys: 2 }),
    );
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/b']);
    const second = await client.send(
      new ListObjectsV2Command({
        Bucket: bucketName,
        Prefix: 'list/',
        ContinuationToken: first.NextContinuationToken,
      }),
    );
    expect(second.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([['list/c', 6]]);
    expect(second.IsTruncated).toBe(false);
  });

  it('are there after a restart', async () => {
    const dataDir = temporaryFolder();
    const before = await startCloud({ assemblyDir, dataDir, plugins: [s3Plugin] });
    await put('inputs/kept', 'value', new S3Client(clientConfig(before)));
    await before.close();
    const after = await startCloud({ assemblyDir, dataDir, plugins: [s3Plugin] });
    expect((await get('inputs/kept', new S3Client(clientConfig(after)))).text).toBe('value');
  });

  it('are the same for a deployment and for what still comes to its end in the one before it', async () => {
    const running = await startCloud({ assemblyDir, dataDir: temporaryFolder(), plugins: [s3Plugin] });
    const { s3: before } = running.services;
    await running.deploy(assemblyDir);

    await before?.put(bucketName, 'inputs/late', Buffer.from('late'), 'text/plain');
    const after = new S3Client(clientConfig(running));
    expect((await get('inputs/late', after)).text).toBe('late');
  });

  it('lie in buckets of the templates only', async () => {
    const missing = client.send(new PutObjectCommand({ Bucket: 'elsewhere', Key: 'k', Body: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('are read in part, from an offset or from their end', async () => {
    await put('inputs/part', '0123456789');
    const part = async (Range: string) => {
      const { Body, ...answer } = await client.send(
        new GetObjectCommand({ Bucket: bucketName, Key: 'inputs/part', Range }),
      );
      return [await Body?.transformToString(), answer.ContentRange, answer.$metadata.httpStatusCode];
    };

    expect(await part('bytes=4-')).toEqual(['456789', 'bytes 4-9/10', 206]);
    expect(await part('bytes=2-3')).toEqual(['23', 'bytes 2-3/10', 206]);
    expect(await part('bytes=8-99')).toEqual(['89', 'bytes 8-9/10', 206]);
    expect(await part('bytes=-3')).toEqual(['789', 'bytes 7-9/10', 206]);
    expect(await part('lines=1-')).toEqual(['0123456789', undefined, 200]);
    await expect(part('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
    await expect(part('bytes=0-1,4-5')).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });

  it('are read only while they are what they were, where that is asked for', async () => {
    const { ETag } = await put('inputs/changing', 'before');
    const same = () =>
      client.send(new GetObjectCommand({ Bucket: bucketName, Key: 'inputs/changing', IfMatch: ETag }));

    expect((await same()).ETag).toBe(ETag);
    await put('inputs/changing', 'after');
    await expect(same()).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const unless = new GetObjectCommand({ Bucket: bucketName, Key: 'inputs/changing', IfNoneMatch: ETag });
    await expect(client.send(unless)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });

  it('have no operation that is not emulated, and say so', async () => {
    await expect(client.send(new CreateBucketCommand({ Bucket: 'new' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('permissions', () => {
  it('are asked of the object', async () => {
    await put('inputs/by-role', 'x', writer);
    expect((await get('inputs/by-role', reader)).text).toBe('x');
    await expect(put('outputs/by-role', 'x', writer)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(get('inputs/by-role', writer)).rejects.toThrow(
      /writer.* is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::payloads\/inputs\/by-role/,
    );
  });

  it('decide whether a missing object is told from a forbidden one', async () => {
    await expect(get('inputs/none', reader)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const unlisted = new S3Client(clientConfig(cloud, roleArn('nobody')));
    await expect(get('inputs/none', unlisted)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('a presigned URL', () => {
  it('works without credentials until its time is over', async () => {
    const command = new PutObjectCommand({ Bucket: bucketName, Key: 'inputs/signed' });
    const signingDate = new Date(clock.now());
    const url = await getSignedUrl(writer, command, { expiresIn: 60, signingDate });

    expect((await fetch(url, { method: 'PUT', body: 'signed' })).status).toBe(200);
    expect((await get('inputs/signed')).text).toBe('signed');
    clock.advance(61_000);
    const late = await fetch(url, { method: 'PUT', body: 'late' });
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('<Code>AccessDenied</Code>');
    expect((await get('inputs/signed')).text).toBe('signed');
  });

  it('takes only what was signed: this key, and the headers that the signature covers', async () => {
    const command = new PutObjectCommand({
      Bucket: bucketName,
      Key: 'inputs/terms (1)',
      ContentType: 'image/png',
      ContentLength: 5,
    });
    const url = await getSignedUrl(writer, command, {
      expiresIn: 60,
      signingDate: new Date(clock.now()),
      signableHeaders: new Set(['content-type', 'content-length']),
    });
    const send = (to: string, type: string, body: string) =>
      fetch(to, { method: 'PUT', headers: { 'content-type': type }, body });

    const refused = await send(url, 'image/png', 'longer');
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect((await send(url, 'image/jpeg', 'right')).status).toBe(403);
    expect((await send(url.replace('terms', 'other'), 'image/png', 'right')).status).toBe(403);
    expect((await fetch(url)).status).toBe(403);
    expect((await send(url, 'image/png', 'right')).status).toBe(200);
    expect((await get('inputs/terms (1)')).text).toBe('right');
  });

  it('has the permissions of who signed it', async () => {
    const command = new PutObjectCommand({ Bucket: bucketName, Key: 'outputs/signed' });
    const signingDate = new Date(clock.now());
    const url = await getSignedUrl(writer, command, { expiresIn: 60, signingDate });
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  it('outlives the deployment that signed it, with the same terms', async () => {
    const command = new PutObjectCommand({ Bucket: bucketName, Key: 'inputs/outlives' });
    const url = await getSignedUrl(writer, command, { expiresIn: 60, signingDate: new Date(clock.now()) });
    const put = (to: string) => fetch(to, { method: 'PUT', body: 'x' });
    await cloud.deploy(cloud.cloud.assemblyDir);

    expect((await put(url)).status).toBe(200);
    expect((await put(url.replace('outlives', 'others'))).status).toBe(403);
  });
});
