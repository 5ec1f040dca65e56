import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../../../local/core/credentials.ts';
import { FileLog, logFile } from '../../../local/core/file-log.ts';
import { isLoopbackHost } from '../../../local/core/http.ts';
import { MemoryMetricStore } from '../../../local/core/metric-store.ts';
import type { Datum } from '../../../local/core/metrics.ts';
import { readSignature } from '../../../local/core/signature.ts';
import { physicalName } from '../../../local/template/physical-name.ts';
import { temporaryFolder } from './support/folders.ts';

describe('MemoryMetricStore', () => {
  const datum = (value: number, dimensions: Record<string, string>): Datum => ({
    namespace: 'AWS/Lambda',
    name: 'Errors',
    dimensions,
    unit: 'Count',
    value,
    timestamp: 1,
  });

  it('keeps a metric apart by its exact dimensions, in whatever order they come', () => {
    const store = new MemoryMetricStore();
    store.put(datum(1, { FunctionName: 'a', Resource: 'a:live' }));
    store.put(datum(2, { Resource: 'a:live', FunctionName: 'a' }));
    store.put(datum(4, { FunctionName: 'a' }));

    const both = store.read('AWS/Lambda', 'Errors', { FunctionName: 'a', Resource: 'a:live' });

    expect(both.map((one) => one.value)).toEqual([1, 2]);
    expect(store.read('AWS/Lambda', 'Errors', {})).toEqual([]);
    expect(store.list().map(({ count, sum }) => ({ count, sum }))).toEqual([
      { count: 2, sum: 3 },
      { count: 1, sum: 4 },
    ]);
  });

  it('forgets the oldest values of a busy metric, but not that they were', () => {
    const store = new MemoryMetricStore();
    for (let value = 1; value <= 20_000; value++) store.put(datum(value, {}));

    const kept = store.read('AWS/Lambda', 'Errors', {});

    expect(kept.at(0)?.value).toBe(10_001);
    expect(kept.at(-1)?.value).toBe(20_000);
    expect(store.list()[0]?.count).toBe(20_000);
  });
});

describe('FileLog', () => {
  it('appends to a file per log group', async () => {
    const folder = temporaryFolder();
    for (const line of ['one', 'two\n']) {
      const log = new FileLog(folder, { info: () => undefined, warn: () => undefined });
      log.group('/aws/lambda/predict', line);
      await log.close();
    }
    expect(readFileSync(join(folder, 'logs/aws/lambda/predict.log'), 'utf8')).toBe('one\ntwo\n');
  });

  it.each([
    ['/aws/lambda/predict', 'aws/lambda/predict.log'],
    ['../../etc/passwd', '%2E%2E/%2E%2E/etc/passwd.log'],
    ['a b\\c', 'a%20b%5Cc.log'],
  ])('keeps the group %s below its folder', (group, file) => {
    expect(logFile(group)).toBe(file);
  });
});

describe('Credentials', () => {
  const role = 'arn:aws:iam::000000000000:role/service/predict';
  const deployment = { name: 'first' };

  it('issues the same ones for the same role and session, and knows their holder', () => {
    const first = new Credentials().issue(deployment, role, 'fn');
    const credentials = new Credentials();
    const second = credentials.issue(deployment, role, 'fn');

    expect(second).toEqual(first);
    expect(first.accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    expect(credentials.issue(deployment, role, 'other').accessKeyId).not.toBe(first.accessKeyId);
    expect(credentials.principal(first.accessKeyId)).toEqual({
      kind: 'role',
      roleArn: role,
      sessionName: 'fn',
    });
    expect(credentials.principal('AKIAEXAMPLE')).toEqual({ kind: 'developer' });
  });

  it('names a session after its role where nothing else is given', () => {
    const credentials = new Credentials();
    const { accessKeyId } = credentials.issue(deployment, role);
    expect(credentials.principal(accessKeyId)).toMatchObject({ sessionName: 'predict' });
  });

  it('keeps deployments apart that have the same role', () => {
    const credentials = new Credentials();
    const next = { name: 'next' };
    const [one, other] = [deployment, next].map((holder) => credentials.issue(holder, role).accessKeyId);

    expect(other).not.toBe(one);
    expect(credentials.holder(one ?? '')).toBe(deployment);
    expect(credentials.holder(other ?? '')).toBe(next);
    // A developer's key may end like one that was issued.
    expect(credentials.holder(`AKIAEXAMPLE${one?.slice(-4)}`)).toBeUndefined();
  });

  it("forgets a holder that is no more; its keys are still the role's, and nobody else gets them", () => {
    const credentials = new Credentials();
    const { accessKeyId } = credentials.issue(deployment, role);
    credentials.revoke(deployment);
    const other = { name: 'next' };
    const { accessKeyId: next } = credentials.issue(other, role);

    expect(credentials.holder(accessKeyId)).toBeUndefined();
    expect(credentials.principal(accessKeyId)).toMatchObject({ kind: 'role', roleArn: role });
    expect(next).not.toBe(accessKeyId);
    expect(credentials.holder(next)).toBe(other);
  });
});

describe('readSignature', () => {
  it('reads the credential scope', () => {
    const header =
      'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/sqs/aws4_request,SignedHeaders=host,Signature=0';
    expect(readSignature(header, new URLSearchParams())).toEqual({
      accessKeyId: 'KEY',
      region: 'eu-west-1',
      service: 'sqs',
    });
  });

  it.each([
    '',
    'Bearer abc',
    'AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/sqs',
    'AWS4-HMAC-SHA256 Credential=/1/2/3/aws4_request',
  ])('takes %j as unsigned', (header) => {
    expect(readSignature(header, new URLSearchParams())).toBeUndefined();
  });
});

describe('isLoopbackHost', () => {
  it.each(['localhost', 'LOCALHOST:3000', 'api.localhost:1', '127.0.0.1:80', '[::1]:80'])(
    'accepts %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each([undefined, '', 'example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1'])(
    'refuses %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

describe('physicalName', () => {
  it('cuts the readable part and keeps the suffix', () => {
    const resource = { stack: 'A-Very-Long-Stack', logicalId: 'AndAResource' };
    const suffix = physicalName(resource).slice(-12);
    expect(physicalName(resource, 20)).toBe(`A-Very--${suffix}`);
  });
});
