import { setMaxListeners } from 'node:events';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** One queue. Every method throws the service's error where it is not done before the signal aborts. */
export interface SqsQueue {
  send(bodies: readonly string[], signal: AbortSignal): Promise<void>;
  /** Has a message that was received come back so many seconds from now. */
  delay(receiptHandle: string, seconds: number, signal: AbortSignal): Promise<void>;
}

interface Loaded {
  readonly client: SQSClient;
  readonly commands: Pick<
    typeof import('@aws-sdk/client-sqs'),
    'SendMessageCommand' | 'ChangeMessageVisibilityCommand'
  >;
}

/** The queue at a URL. Its client is loaded when it is first needed: many functions end before that. */
export function sqsQueue(queueUrl: string): SqsQueue {
  let loading: Promise<Loaded> | undefined;
  const loaded = (): Promise<Loaded> => {
    loading ??= load();
    return loading;
  };
  return {
    send: async (bodies, abortSignal) => {
      const { client, commands } = await loaded();
      setMaxListeners(0, abortSignal);
      const all = bodies.map((MessageBody) => {
        const command = new commands.SendMessageCommand({ QueueUrl: queueUrl, MessageBody });
        return client.send(command, { abortSignal });
      });
      await Promise.all(all);
    },
    delay: async (ReceiptHandle, VisibilityTimeout, abortSignal) => {
      const { client, commands } = await loaded();
      const command = new commands.ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle,
        VisibilityTimeout,
      });
      await client.send(command, { abortSignal });
    },
  };
}

async function load(): Promise<Loaded> {
  const { SQSClient, SendMessageCommand, ChangeMessageVisibilityCommand } = await import(
    '@aws-sdk/client-sqs'
  );
  return {
    client: new SQSClient({ maxAttempts: 2 }),
    commands: { SendMessageCommand, ChangeMessageVisibilityCommand },
  };
}
