import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryMetricStore } from '../../../../local/cloudwatch/metric-store.ts';
import type { RequiredPermission } from '../../../../local/core/iam/permission.ts';
import type { LocalCloud } from '../../../../local/core/plugin/local-cloud.ts';
import type { CloudServices } from '../../../../local/core/plugin/services.ts';
import { Faults } from '../../../../local/faults/faults.ts';
import { Backlog } from '../../../../local/sagemaker/asynchronous/backlog.ts';
import { AsynchronousMetrics } from '../../../../local/sagemaker/asynchronous/metrics.ts';
import { AsynchronousQueue } from '../../../../local/sagemaker/asynchronous/queue.ts';
import { EndpointStorage } from '../../../../local/sagemaker/asynchronous/storage.ts';
import { ModelError } from '../../../../local/sagemaker/hosting/errors.ts';
import type { Invocation } from '../../../../local/sagemaker/hosting/variant.ts';
import { RecordedMetrics } from '../../cloudwatch/support/recorded-metrics.ts';
import { ManualClock } from '../../core/support/manual-clock.ts';

const SUCCESS = 'arn:aws:sns:us-east-1:0:success';
const ERROR = 'arn:aws:sns:us-east-1:0:error';
const endpointOnly = { EndpointName: 'e' };
const ofVariant = { EndpointName: 'e', VariantName: 'main' };

/** One request that the model works on. */
interface Job {
  readonly body: string;
  readonly timeoutMs: number;
  answer(text: string): void;
  fail(error: Error): void;
}

let folder: string;
let clock: ManualClock;
let metrics: RecordedMetrics;
let objects: Map<string, string>;
let published: { topic: string; message: Record<string, unknown> }[];
let jobs: Job[];
let instances: number;
let denied: string | undefined;
let queue: AsynchronousQueue;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asynchronous-queue-'));
  clock = new ManualClock();
  metrics = new RecordedMetrics(new MemoryMetricStore(clock));
  objects = new Map();
  published = [];
  jobs = [];
  instances = 1;
  denied = undefined;
  queue = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A queue on the folder of this test, as a new run of the local cloud would make it. */
function open(): AsynchronousQueue {
  const cloud = fakeCloud();
  return new AsynchronousQueue({
    cloud,
    endpoint: 'e',
    declared: {
      outputPath: 's3://b/outputs',
      failurePath: 's3://b/failures',
      successTopicArn: SUCCESS,
      errorTopicArn: ERROR,
      concurrencyPerInstance: 2,
    },
    backlog: new Backlog(folder),
    storage: new EndpointStorage(cloud, 'arn:aws:iam::0:role/model'),
    metrics: new AsynchronousMetrics(cloud, 'e', 'main'),
    workers: { instanceCount: () => instances, readyCount: () => instances, invoke: work },
  });
}

function fakeCloud(): LocalCloud {
  const services: CloudServices = {
    s3: {
      get: async (bucket, key) => {
        const text = objects.get(`s3://${bucket}/${key}`);
        if (text === undefined) return undefined;
        const body = Buffer.from(text);
        return { key, contentType: 'text/plain', etag: '', size: body.length, lastModified: 0, body };
      },
      list: () => [],
      put: async (bucket, key, body) => void objects.set(`s3://${bucket}/${key}`, body.toString()),
    },
    sns: {
      publish: async (topic, message) => {
        published.push({ topic, message: JSON.parse(message) });
        return 'id';
      },
    },
  };
  return {
    assemblyDir: '',
    stacks: [],
    dataDir: folder,
    region: 'us-east-1',
    accountId: '0',
    clock,
    log: { group: () => undefined, info: () => undefined, warn: () => undefined },
    metrics,
    faults: new Faults(clock),
    services,
    frontDoorUrl: '',
    port: 0,
    predecessor: undefined,
    callback: () => ({ url: '', answer: Promise.resolve(''), close: () => undefined }),
    types: () => [],
    resources: () => [],
    asset: () => undefined,
    denial: async (_role: string, permissions: readonly RequiredPermission[]) =>
      permissions.some(({ action }) => action === denied)
        ? `not authorized to perform: ${denied}`
        : undefined,
    principal: () => ({ kind: 'developer' }),
    credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
  };
}

function work(request: { body: Buffer }, { timeoutMs }: { timeoutMs: number }): Promise<Invocation> {
  return new Promise((resolve, reject) => {
    jobs.push({
      body: request.body.toString(),
      timeoutMs,
      answer: (text) =>
        resolve({
          answer: { status: 200, headers: { 'content-type': 'text/csv' }, body: Buffer.from(text) },
          modelLatencyMs: 40,
          setupMs: undefined,
        }),
      fail: reject,
    });
  });
}

const accept = async (name: string) => {
  objects.set(`s3://b/inputs/${name}`, `request ${name}`);
  await queue.accept({
    inferenceId: name,
    inputLocation: `s3://b/inputs/${name}`,
    outputLocation: `s3://b/outputs/${name}.out`,
    failureLocation: `s3://b/failures/${name}-error.out`,
    headers: { 'content-type': 'text/csv' },
    timeoutSeconds: 90,
    timeToLiveSeconds: 600,
    receivedAt: clock.now(),
  });
};
const values = (name: string, dimensions: Record<string, string> = endpointOnly) =>
  metrics.of('AWS/SageMaker', name, dimensions).map(({ value }) => value);
const running = () => jobs.map(({ body }) => body);

describe('the queue of an asynchronous endpoint', () => {
  it('gives a request to the model, writes the answer and publishes it', async () => {
    queue.start();
    await accept('a');
    await expect.poll(() => jobs.length).toBe(1);
    expect(jobs[0]).toMatchObject({ body: 'request a', timeoutMs: 90_000 });
    clock.advance(500);
    jobs[0]?.answer('answer a');

    await expect.poll(() => published.length).toBe(1);
    expect(objects.get('s3://b/outputs/a.out')).toBe('answer a');
    expect(published).toEqual([
      {
        topic: SUCCESS,
        message: {
          awsRegion: 'us-east-1',
          eventTime: '2026-01-01T00:00:00.500Z',
          receivedTime: '2026-01-01T00:00:00.000Z',
          invocationStatus: 'Completed',
          requestParameters: {
            contentType: 'text/csv',
            endpointName: 'e',
            inputLocation: 's3://b/inputs/a',
          },
          responseParameters: { contentType: 'text/csv', outputLocation: 's3://b/outputs/a.out' },
          inferenceId: 'a',
          eventVersion: '1.0',
          eventSource: 'aws:sagemaker',
          eventName: 'InferenceResult',
        },
      },
    ]);
    await expect.poll(() => values('InvocationsProcessed', ofVariant)).toEqual([1]);
    expect(values('TotalProcessingTime', ofVariant)).toEqual([500]);
    expect(values('ModelLatency', ofVariant)).toEqual([40_000]);
    expect(values('Invocation5XXErrors', ofVariant)).toEqual([0]);
    expect(values('Invocations', ofVariant)).toEqual([]);
  });

  it('begins as many as the instances take, and more when there are more', async () => {
    queue.start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await accept(name);
    await expect.poll(running).toEqual(['request a', 'request b']);
    jobs[0]?.answer('');
    await expect.poll(running).toEqual(['request a', 'request b', 'request c']);
    instances = 2;
    queue.capacityChanged();
    await expect.poll(running).toHaveLength(5);
  });

  it('waits at zero instances, tells CloudWatch so, and begins when woken', async () => {
    instances = 0;
    queue.start();
    for (const name of ['a', 'b', 'c']) await accept(name);
    clock.advance(60_000);
    expect(values('ApproximateBacklogSize')).toEqual([3]);
    expect(values('HasBacklogWithoutCapacity')).toEqual([1]);
    expect(values('ApproximateAgeOfOldestRequest')).toEqual([30]);
    expect(values('ApproximateBacklogSizePerInstance')).toEqual([]);
    expect(jobs).toEqual([]);

    instances = 1;
    queue.capacityChanged();
    await expect.poll(running).toHaveLength(2);
    clock.advance(60_000);
    expect(values('HasBacklogWithoutCapacity')).toEqual([1, 0]);
    // What is being worked on counts as well.
    expect(values('ApproximateBacklogSizePerInstance')).toEqual([3]);
    expect(values('TimeInBacklog', ofVariant)).toEqual([60_000_000, 60_000_000]);
  });

  it('gives up what waits for longer than it may', async () => {
    instances = 0;
    queue.start();
    await accept('a');
    clock.advance(600_000);
    expect(published).toEqual([]);
    clock.advance(60_000);
    await expect.poll(() => published.length).toBe(1);
    expect(published[0]).toMatchObject({
      topic: ERROR,
      message: {
        invocationStatus: 'Failed',
        inferenceId: 'a',
        failureReason: expect.stringMatching(/expired/),
      },
    });
    expect(values('ExpiredRequests', ofVariant)).toEqual([1]);
    expect(values('InvocationsProcessed', ofVariant)).toEqual([]);
    await queue.settled();
    clock.advance(60_000);
    expect(values('ApproximateBacklogSize').at(-1)).toBe(0);
  });

  it("writes and publishes the model's failure", async () => {
    queue.start();
    await accept('a');
    await expect.poll(() => jobs.length).toBe(1);
    jobs[0]?.fail(new ModelError(500, 'out of memory', 'Received server error (500) from primary'));

    await expect.poll(() => published.length).toBe(1);
    expect(published[0]).toMatchObject({
      topic: ERROR,
      message: { failureReason: 'Received server error (500) from primary' },
    });
    expect(objects.get('s3://b/failures/a-error.out')).toBe('out of memory');
    expect(values('InvocationFailures', ofVariant)).toEqual([1]);
    expect(values('Invocation5XXErrors', ofVariant)).toEqual([1]);
  });

  it.each([
    ['s3:GetObject', 'RequestDownloadFailures', ERROR],
    ['s3:PutObject', 'ResponseUploadFailures', ERROR],
  ])('fails a request where its role lacks %s', async (action, metric, topic) => {
    denied = action;
    queue.start();
    await accept('a');
    if (action === 's3:PutObject') {
      await expect.poll(() => jobs.length).toBe(1);
      jobs[0]?.answer('answer');
    }
    await expect.poll(() => published.length).toBe(1);
    expect(published[0]).toMatchObject({
      topic,
      message: { failureReason: expect.stringContaining(`not authorized to perform: ${action}`) },
    });
    expect(values(metric, ofVariant)).toEqual([1]);
    expect(objects.has('s3://b/outputs/a.out')).toBe(false);
  });

  it('counts a notification that its role may not publish', async () => {
    denied = 'sns:Publish';
    queue.start();
    await accept('a');
    await expect.poll(() => jobs.length).toBe(1);
    jobs[0]?.answer('answer');

    await expect.poll(() => values('NotificationFailures', ofVariant)).toEqual([1]);
    expect(published).toEqual([]);
    expect(objects.get('s3://b/outputs/a.out')).toBe('answer');
  });

  it('begins again what an earlier run accepted and did not finish, in its order', async () => {
    queue.start();
    for (const name of ['a', 'b', 'c']) await accept(name);
    await expect.poll(running).toHaveLength(2);
    jobs[0]?.answer('answer a');
    await expect.poll(() => values('InvocationsProcessed', ofVariant)).toEqual([1]);
    // Nothing is closed: as a power cut would leave it.
    jobs = [];
    queue = open();
    queue.start();

    await expect.poll(running).toEqual(['request b', 'request c']);
  });

  it('does not take its own end for a failure of the model', async () => {
    queue.start();
    await accept('a');
    await expect.poll(() => jobs.length).toBe(1);
    queue.stop();
    jobs[0]?.fail(new ModelError(0, '', 'gone'));
    await queue.settled();
    expect(published).toEqual([]);

    jobs = [];
    queue = open();
    queue.start();
    await expect.poll(running).toEqual(['request a']);
  });
});
