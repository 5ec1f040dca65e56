import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/core/cloud.ts';
import type { InvokeResult, LambdaService } from '../../../local/lambda/service.ts';
import { snsPlugin } from '../../../local/sns/plugin.ts';
import { sqsPlugin } from '../../../local/sqs/plugin.ts';
import { clientConfig, type Said, startCloud } from '../core/support/clouds.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:listener';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news';
const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

const assemblyDir = synthesizeStack((stack) => {
  const topic = new Topic(stack, 'News', { topicName: 'news' });
  topic.addSubscription(
    new SqsSubscription(new Queue(stack, 'Raw', { queueName: 'raw' }), { rawMessageDelivery: true }),
  );
  topic.addSubscription(new SqsSubscription(new Queue(stack, 'Wrapped', { queueName: 'wrapped' })));
  topic.addSubscription(new EmailSubscription('somebody@example.com'));
  new Queue(stack, 'Closed', { queueName: 'closed' });
  new CfnSubscription(stack, 'ToClosed', {
    topicArn: topic.topicArn,
    protocol: 'sqs',
    endpoint: arnOf('closed'),
  });
  new CfnSubscription(stack, 'ToFunction', {
    topicArn: topic.topicArn,
    protocol: 'lambda',
    endpoint: FUNCTION,
  });
  const publisher = new Role(stack, 'publisher', {
    roleName: 'publisher',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
  topic.grantPublish(publisher);
  new Role(stack, 'stranger', {
    roleName: 'stranger',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  });
});

const clock = new ManualClock();
let cloud: RunningCloud & Said;
let client: SNSClient;
let events: unknown[];
let results: InvokeResult[];
let permitted: boolean;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, clock, plugins: [sqsPlugin, snsPlugin] });
  client = new SNSClient(clientConfig(cloud));
  const lambda: LambdaService = {
    invoke: async (_, event) => {
      events.push(event);
      return results.shift() ?? { payload: null };
    },
    release: () => undefined,
    permits: (functionArn, principal, sourceArn) =>
      permitted && functionArn === FUNCTION && principal === 'sns.amazonaws.com' && sourceArn === TOPIC,
  };
  cloud.services.lambda = lambda;
});
beforeEach(async () => {
  events = [];
  results = [];
  permitted = true;
  for (const queue of ['raw', 'wrapped']) await received(queue);
});

const publish = (Message: string, by = client, more = {}) =>
  by.send(new PublishCommand({ TopicArn: TOPIC, Message, ...more }));

/** Takes and deletes what a queue has. */
async function received(queue: string): Promise<readonly string[]> {
  const messages = (await cloud.services.sqs?.receive(arnOf(queue), 10)) ?? [];
  await cloud.services.sqs?.delete(
    arnOf(queue),
    messages.map(({ receiptHandle }) => receiptHandle),
  );
  return messages.map(({ body }) => body);
}

describe('a message', () => {
  it('is in the queues when Publish answers: alone, or in an envelope', async () => {
    const { MessageId } = await publish('a <b> & "c"', client, { Subject: 'News' });

    expect(await received('raw')).toEqual(['a <b> & "c"']);
    const [body = ''] = await received('wrapped');
    expect(JSON.parse(body)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: TOPIC,
      Subject: 'News',
      Message: 'a <b> & "c"',
      Timestamp: new Date(clock.now()).toISOString(),
    });
  });

  it('invokes a function that lets the topic', async () => {
    await publish('hello');
    await expect.poll(() => events.length).toBe(1);
    expect(events).toMatchObject([
      { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'hello', TopicArn: TOPIC } }] },
    ]);
  });

  it('is tried three times with a function that fails', async () => {
    results = Array.from({ length: 4 }, () => ({ payload: null, functionError: 'Unhandled' as const }));
    const waiting = clock.waiting;
    await publish('hello');
    await expect.poll(() => clock.waiting).toBe(waiting + 1);
    expect(events).toHaveLength(1);
    clock.advance(60_000);
    await expect.poll(() => events.length).toBe(2);
    await expect.poll(() => clock.waiting).toBe(waiting + 1);
    clock.advance(120_000);
    await expect.poll(() => events.length).toBe(3);
    await expect.poll(() => cloud.warnings.join()).toContain('is given up after 3 attempts');
  });

  it('is lost where the queue or the function does not let the topic, and that is warned of', async () => {
    permitted = false;
    await publish('unheard');

    expect(await received('closed')).toEqual([]);
    expect(events).toEqual([]);
    expect(cloud.warnings.join('\n')).toMatch(/no policy of .*:closed lets .*:news send to it/);
    expect(cloud.warnings.join('\n')).toMatch(/no permission lets .*:news invoke .*:listener/);
  });

  it('needs a topic of the templates and the permission to publish there', async () => {
    const role = (name: string) =>
      new SNSClient(clientConfig(cloud, `arn:aws:iam::000000000000:role/${name}`));
    expect((await publish('x', role('publisher'))).MessageId).toBeDefined();
    await expect(publish('x', role('stranger'))).rejects.toMatchObject({
      name: 'AuthorizationErrorException',
    });
    await expect(publish('x', client, { TopicArn: `${TOPIC}-2` })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('has no attributes, and says so', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(publish('x', client, { MessageAttributes })).rejects.toThrow(/does not emulate MessageAttr/);
  });
});

it('names subscriptions that deliver nothing here', () => {
  expect(cloud.notEmulated.map(({ reason }) => reason)).toEqual([
    'nothing is delivered by email on the laptop',
  ]);
});
