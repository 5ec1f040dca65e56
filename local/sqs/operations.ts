import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { pick, queueAttributes, received } from './answers.ts';
import { batch, entries, parse } from './input.ts';
import { type Message, md5, md5OfAttributes, messageAttributesSchema, sizeOf } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import { receiveWaiting } from './waiting.ts';

/** What an operation works with. */
export interface Call {
  readonly queues: Queues;
  readonly clock: Clock;
  readonly senderId: string;
  readonly signal: AbortSignal;
  urlOf(queue: Queue): string;
}

type Operation = (input: unknown, call: Call) => Promise<unknown>;

const onQueue = z.looseObject({ QueueUrl: z.string() });
const delay = z.int().min(0).max(900).optional();
const visibility = z.int().min(0).max(43_200);

const sendFields = {
  MessageBody: z.string().min(1),
  DelaySeconds: delay,
  MessageAttributes: messageAttributesSchema.default({}),
};
const sendSchema = onQueue.extend(sendFields);

const receiveSchema = onQueue.extend({
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  VisibilityTimeout: visibility.optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});

/** The operations that are emulated, by the name in `X-Amz-Target`. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  async GetQueueUrl(input, call) {
    const { QueueName } = parse(z.looseObject({ QueueName: z.string() }), input);
    return { QueueUrl: call.urlOf(call.queues.named(QueueName)) };
  },

  async ListQueues(input, call) {
    const { QueueNamePrefix = '' } = parse(z.looseObject({ QueueNamePrefix: z.string().optional() }), input);
    const found = call.queues.all().filter((queue) => queue.settings.name.startsWith(QueueNamePrefix));
    return { QueueUrls: found.map((queue) => call.urlOf(queue)) };
  },

  async GetQueueAttributes(input, call) {
    const schema = onQueue.extend({ AttributeNames: z.array(z.string()).default([]) });
    const { QueueUrl, AttributeNames } = parse(schema, input);
    return { Attributes: pick(queueAttributes(queueOf(call, QueueUrl)), AttributeNames) };
  },

  async SendMessage(input, call) {
    const entry = parse(sendSchema, input);
    return send(queueOf(call, entry.QueueUrl), entry, call);
  },

  async SendMessageBatch(input, call) {
    const { QueueUrl, Entries } = parse(onQueue.extend({ Entries: entries(sendFields) }), input);
    const queue = queueOf(call, QueueUrl);
    const total = Entries.reduce(
      (size, entry) => size + sizeOf(entry.MessageBody, entry.MessageAttributes),
      0,
    );
    if (total > queue.settings.maximumMessageSize) {
      const limit = `${queue.settings.maximumMessageSize} bytes`;
      throw new AwsError(400, 'BatchRequestTooLong', `Batch requests cannot be longer than ${limit}.`);
    }
    return batch(Entries, (entry) => send(queue, entry, call));
  },

  async ReceiveMessage(input, call) {
    const request = parse(receiveSchema, input);
    const queue = queueOf(call, request.QueueUrl);
    const messages = await receiveWaiting(queue, call.clock, call.signal, {
      max: request.MaxNumberOfMessages,
      waitSeconds: request.WaitTimeSeconds ?? queue.settings.receiveWaitSeconds,
      visibilityTimeoutSeconds: request.VisibilityTimeout,
    });
    if (messages.length === 0) return {};
    const system = [...request.AttributeNames, ...request.MessageSystemAttributeNames];
    return { Messages: messages.map((message) => received(message, system, request.MessageAttributeNames)) };
  },

  async DeleteMessage(input, call) {
    const { QueueUrl, ReceiptHandle } = parse(onQueue.extend({ ReceiptHandle: z.string() }), input);
    await queueOf(call, QueueUrl).delete(ReceiptHandle);
    return {};
  },

  async DeleteMessageBatch(input, call) {
    const { QueueUrl, Entries } = parse(
      onQueue.extend({ Entries: entries({ ReceiptHandle: z.string() }) }),
      input,
    );
    const queue = queueOf(call, QueueUrl);
    return batch(Entries, async ({ ReceiptHandle }) => {
      await queue.delete(ReceiptHandle);
      return {};
    });
  },

  async ChangeMessageVisibility(input, call) {
    const schema = onQueue.extend({ ReceiptHandle: z.string(), VisibilityTimeout: visibility });
    const { QueueUrl, ReceiptHandle, VisibilityTimeout } = parse(schema, input);
    await queueOf(call, QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
    return {};
  },

  async PurgeQueue(input, call) {
    await queueOf(call, parse(onQueue, input).QueueUrl).purge();
    return {};
  },
};

/** The name of the queue that a request is about, from its URL or its plain name. */
export function queueNameOf(input: unknown): string | undefined {
  const parsed = z
    .looseObject({ QueueUrl: z.string().optional(), QueueName: z.string().optional() })
    .safeParse(input);
  if (!parsed.success) return undefined;
  return parsed.data.QueueUrl?.split('/').at(-1) ?? parsed.data.QueueName;
}

function queueOf(call: Call, url: string): Queue {
  return call.queues.named(url.split('/').at(-1));
}

async function send(
  queue: Queue,
  entry: {
    MessageBody: string;
    DelaySeconds?: number | undefined;
    MessageAttributes: Message['messageAttributes'];
  },
  call: Call,
): Promise<object> {
  const { MessageBody: body, MessageAttributes: messageAttributes, DelaySeconds: delaySeconds } = entry;
  const limit = queue.settings.maximumMessageSize;
  if (sizeOf(body, messageAttributes) > limit) {
    const reason = `Message must be shorter than ${limit} bytes.`;
    throw new AwsError(400, 'InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
  }
  const message = await queue.send({ body, messageAttributes, delaySeconds, senderId: call.senderId });
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: md5OfAttributes(messageAttributes),
  };
}
