import { setMaxListeners } from 'node:events';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { packRecords } from './messages.ts';
import type { PredictionRecord } from './record.ts';

/** Where records wait while the table does not take them. */
export interface CaptureQueue {
  send(records: readonly PredictionRecord[], signal: AbortSignal): Promise<void>;
}

/** The queue in SQS. Its client is loaded when it is first needed: on most days that is never. */
export function sqsQueue(queueUrl: string): CaptureQueue {
  let loaded:
    | Promise<{
        client: SQSClient;
        SendMessageCommand: typeof import('@aws-sdk/client-sqs').SendMessageCommand;
      }>
    | undefined;
  const load = async () => {
    const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
    return { client: new SQSClient({ maxAttempts: 2 }), SendMessageCommand };
  };
  return {
    send: async (records, abortSignal) => {
      loaded ??= load();
      const { client, SendMessageCommand } = await loaded;
      setMaxListeners(0, abortSignal);
      await Promise.all(
        packRecords(records).map((MessageBody) =>
          client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }), { abortSignal }),
        ),
      );
    },
  };
}
