import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServicePlugin } from '../../../local/core/plugin/service-plugin.ts';
import { sqsPlugin } from '../../../local/sqs/plugin.ts';
import type { SqsService } from '../../../local/sqs/service.ts';
import { spawnCloud } from '../core/support/cloud-process.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { temporaryFolder } from '../core/support/folders.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const assemblyDir = synthesizeStack((stack) => {
  const dead = new Queue(stack, 'Dead', { queueName: 'dead' });
  const jobs = new Queue(stack, 'Jobs', {
    queueName: 'jobs',
    visibilityTimeout: Duration.seconds(30),
    retentionPeriod: Duration.hours(1),
    deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
  });
  new Queue(stack, 'Ordered', { queueName: 'ordered.fifo', fifo: true });
  jobs.grantSendMessages(
    new Role(stack, 'Sender', {
      roleName: 'sender',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    }),
  );
});
const clock = new ManualClock();
const JOBS_ARN = 'arn:aws:sqs:us-east-1:000000000000:jobs';
let cloud: TestCloud;
let client: SQSClient;
let jobs: string;
let dead: string;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, clock, plugins: [sqsPlugin] });
  client = new SQSClient(clientConfig(cloud));
  jobs = `${cloud.frontDoorUrl}/000000000000/jobs`;
  dead = `${cloud.frontDoorUrl}/000000000000/dead`;
});

beforeEach(async () => {
  for (const QueueUrl of [jobs, dead]) await client.send(new PurgeQueueCommand({ QueueUrl }));
});

const send = (MessageBody: string, options = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody, ...options }));
const receive = async (options = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl: jobs, ...options }))).Messages ?? [];
const bodies = async (options = {}) =>
  (await receive({ MaxNumberOfMessages: 10, ...options })).map((one) => one.Body);

describe('SQS', () => {
  it('has the queues of the template under the URLs that Ref answers', async () => {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));
    const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'de' }));
    const refs = cloud.cloud.resources('AWS::SQS::Queue').map((queue) => queue.ref);

    expect(QueueUrl).toBe(jobs);
    expect(QueueUrls).toEqual([dead]);
    expect(refs).toContain(jobs);
  });

  it('carries bodies and attributes whose digests the SDK and its users can check', async () => {
    const MessageAttributes = {
      trace: { DataType: 'String', StringValue: 'abc' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
    };
    const sent = await send('gerste: 43 bu/acre ✓', { MessageAttributes });

    const [message] = await receive({ MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });

    expect(sent.MD5OfMessageAttributes).toBe('40bfc93d9600880ab46ab507b45c764d');
    expect(message?.MessageId).toBe(sent.MessageId);
    expect(message?.Body).toBe('gerste: 43 bu/acre ✓');
    expect(message?.MessageAttributes).toEqual(MessageAttributes);
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: `${clock.now()}`,
      SenderId: '000000000000',
    });
  });

  it('hides a received message until its visibility timeout is over', async () => {
    await send('once');
    const [first] = await receive();

    expect(first?.Body).toBe('once');
    expect(await bodies()).toEqual([]);
    clock.advance(29_999);
    expect(await bodies()).toEqual([]);
    clock.advance(1);
    expect(await bodies()).toEqual(['once']);
  });

  it('delivers in the order of sending, up to the number asked for', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    expect(await bodies({ MaxNumberOfMessages: 2 })).toEqual(['a', 'b']);
    expect(await bodies()).toEqual(['c']);
  });

  it('deletes by the latest receipt handle only', async () => {
    await send('again');
    const [first] = await receive({ VisibilityTimeout: 0 });
    const [second] = await receive({ VisibilityTimeout: 10 });
    await client.send(
      new DeleteMessageCommand({ QueueUrl: jobs, ReceiptHandle: first?.ReceiptHandle ?? '' }),
    );
    const afterOld = await counts();
    await client.send(
      new DeleteMessageCommand({ QueueUrl: jobs, ReceiptHandle: second?.ReceiptHandle ?? '' }),
    );

    expect(afterOld.ApproximateNumberOfMessagesNotVisible).toBe('1');
    expect((await counts()).ApproximateNumberOfMessagesNotVisible).toBe('0');
  });

  it('changes the visibility of a message in flight, and of no other', async () => {
    await send('later');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: jobs,
          ReceiptHandle: message?.ReceiptHandle ?? '',
          VisibilityTimeout,
        }),
      );
    await change(100);
    clock.advance(60_000);
    expect(await bodies()).toEqual([]);
    await change(0);
    await expect(change(5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await bodies()).toEqual(['later']);
  });

  it('moves a message to the dead-letter queue once it was received too often', async () => {
    await send('poison');
    await receive({ VisibilityTimeout: 0 });
    await receive({ VisibilityTimeout: 0 });

    expect(await bodies()).toEqual([]);
    const given = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: dead,
        MessageSystemAttributeNames: ['DeadLetterQueueSourceArn'],
      }),
    );
    expect(given.Messages?.map((one) => one.Body)).toEqual(['poison']);
    expect(given.Messages?.[0]?.Attributes).toEqual({ DeadLetterQueueSourceArn: JOBS_ARN });
  });

  it('delays a message and forgets one after the retention period', async () => {
    await send('delayed', { DelaySeconds: 10 });
    expect((await counts()).ApproximateNumberOfMessagesDelayed).toBe('1');
    clock.advance(10_000);
    expect((await counts()).ApproximateNumberOfMessages).toBe('1');
    clock.advance(3_600_000 - 10_000);
    expect((await counts()).ApproximateNumberOfMessages).toBe('0');
    expect(await bodies()).toEqual([]);
  });

  it('answers a waiting receiver as soon as a message comes', async () => {
    const before = clock.waiting;
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await vi.waitFor(() => expect(clock.waiting).toBe(before + 1));
    await send('at last');
    expect(await waiting).toEqual(['at last']);
  });

  it('answers a waiting receiver with nothing when its time is over', async () => {
    const before = clock.waiting;
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await vi.waitFor(() => expect(clock.waiting).toBe(before + 1));
    clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  it('gives nothing to a receiver that has hung up', async () => {
    const before = clock.waiting;
    const abort = new AbortController();
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl: jobs, WaitTimeSeconds: 20 }), {
      abortSignal: abort.signal,
    });
    await vi.waitFor(() => expect(clock.waiting).toBe(before + 1));
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(clock.waiting).toBe(before));
    await send('for the next');
    expect(await bodies()).toEqual(['for the next']);
  });

  it('runs batches entry by entry', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: 'two' },
    ];
    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: jobs, Entries }));
    expect(sent.Successful?.map((one) => one.Id)).toEqual(['a', 'b']);

    const [first] = await receive();
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: jobs,
        Entries: [
          { Id: 'x', ReceiptHandle: first?.ReceiptHandle ?? '' },
          { Id: 'y', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted.Successful?.map((one) => one.Id)).toEqual(['x']);
    expect(deleted.Failed).toMatchObject([{ Id: 'y', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });

  it.each([
    ['no entries', [], 'EmptyBatchRequest'],
    ['eleven entries', Array.from({ length: 11 }, (_, n) => `${n}`), 'TooManyEntriesInBatchRequest'],
    ['an id twice', ['a', 'a'], 'BatchEntryIdsNotDistinct'],
  ])('refuses a batch with %s', async (_what, ids, name) => {
    const Entries = ids.map((Id) => ({ Id, MessageBody: 'x' }));
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl: jobs, Entries }))).rejects.toMatchObject(
      { name },
    );
  });

  it('names what is wrong with a request', async () => {
    const missing = client.send(new SendMessageCommand({ QueueUrl: `${jobs}-2`, MessageBody: 'x' }));
    await expect(missing).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(send('x'.repeat(1_048_577))).rejects.toThrow(/Message must be shorter than 1048576 bytes/);
    await expect(receive({ MaxNumberOfMessages: 11 })).rejects.toThrow(
      /Value for parameter MaxNumberOfMessages is invalid/,
    );
    await expect(client.send(new CreateQueueCommand({ QueueName: 'new' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('lets a role do what its policy allows: sending, also in batches, but not receiving', async () => {
    const sender = new SQSClient(clientConfig(cloud, 'arn:aws:iam::000000000000:role/sender'));
    const Entries = [{ Id: 'a', MessageBody: 'granted' }];
    await sender.send(new SendMessageBatchCommand({ QueueUrl: jobs, Entries }));

    await expect(sender.send(new ReceiveMessageCommand({ QueueUrl: jobs }))).rejects.toThrow(
      `is not authorized to perform: sqs:ReceiveMessage on resource: ${JOBS_ARN} because`,
    );
    expect(await bodies()).toEqual(['granted']);
  });

  it('reports depth and age once a minute', async () => {
    await send('old');
    clock.advance(120_000);
    const read = (name: string) => cloud.recorded.of('AWS/SQS', name, { QueueName: 'jobs' }).at(-1)?.value;
    expect(read('ApproximateNumberOfMessagesVisible')).toBe(1);
    expect(read('ApproximateAgeOfOldestMessage')).toBeGreaterThanOrEqual(60);
  });

  it('reports once while the next deployment is being prepared, and goes on after it has taken over', async () => {
    const time = new ManualClock();
    const slow: ServicePlugin = {
      name: 'slow',
      resourceTypes: {},
      start: async ({ predecessor }) => ({
        deploy: async () => {
          if (predecessor !== undefined) time.advance(60_000);
        },
        close: async () => undefined,
      }),
    };
    const deployed = await startCloud({ assemblyDir, clock: time, plugins: [sqsPlugin, slow] });
    const reports = () =>
      deployed.recorded.of('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: 'jobs' });
    await deployed.deploy(assemblyDir);
    expect(reports()).toHaveLength(1);

    await vi.waitFor(() => expect(time.waiting).toBe(1));
    time.advance(60_000);
    expect(reports()).toHaveLength(2);
  });

  it('lists a FIFO queue as not emulated', () => {
    expect(cloud.notEmulated).toEqual([
      { type: 'AWS::SQS::Queue', paths: ['Test/Ordered/Resource'], reason: 'FIFO queues are not emulated' },
    ]);
  });
});

describe('the SQS service for event sources', () => {
  const service = (): SqsService => {
    if (cloud.services.sqs === undefined) throw new Error('the plugin provides its service');
    return cloud.services.sqs;
  };

  it('calls back for messages that are there, that come, and that come back', async () => {
    await send('there');
    const called = vi.fn();
    const unsubscribe = service().onVisible(JOBS_ARN, called);
    await vi.waitFor(() => expect(called).toHaveBeenCalledTimes(1));

    const [first] = await service().receive(JOBS_ARN, 10);
    expect(first?.body).toBe('there');
    called.mockClear();
    clock.advance(30_000);
    await vi.waitFor(() => expect(called).toHaveBeenCalled());

    const [again] = await service().receive(JOBS_ARN, 10);
    expect(again?.attributes.ApproximateReceiveCount).toBe('2');
    await service().delete(JOBS_ARN, [again?.receiptHandle ?? '']);
    expect((await counts()).ApproximateNumberOfMessagesNotVisible).toBe('0');
    unsubscribe();
  });
});

describe('the data of SQS', () => {
  it('survives kill -9, with what was received still in flight', async () => {
    const dataDir = temporaryFolder();
    const first = await spawnCloud(assemblyDir, dataDir);
    const before = new SQSClient({ ...clientConfig(cloud), endpoint: first.url });
    for (const body of ['taken', 'waiting']) {
      await before.send(
        new SendMessageCommand({ QueueUrl: `${first.url}/000000000000/jobs`, MessageBody: body }),
      );
    }
    await before.send(new ReceiveMessageCommand({ QueueUrl: `${first.url}/000000000000/jobs` }));
    await first.kill();

    const second = await spawnCloud(assemblyDir, dataDir);
    const after = new SQSClient({ ...clientConfig(cloud), endpoint: second.url });
    const QueueUrl = `${second.url}/000000000000/jobs`;
    const { Messages } = await after.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const { Attributes } = await after.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );

    expect(Messages?.map((one) => one.Body)).toEqual(['waiting']);
    expect(Attributes?.ApproximateNumberOfMessagesNotVisible).toBe('2');
  });
});

async function counts(): Promise<Record<string, string>> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: jobs, AttributeNames: ['All'] }),
  );
  return Attributes;
}
