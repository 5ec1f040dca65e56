import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LocalLog } from '../core/plugin/log.ts';
import type { SqsMessage, SqsService } from '../sqs/service.ts';
import type { InvokeResult, LambdaService } from './service.ts';

/** A queue whose messages a function consumes (AWS::Lambda::EventSourceMapping). */
export interface QueueMapping {
  readonly queueArn: string;
  readonly functionName: string;
  readonly region: string;
  readonly batchSize: number;
  /** The function answers with the messages that failed; without this, a batch succeeds or fails as a whole. */
  readonly reportsItemFailures: boolean;
}

const itemFailures = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Feeds a queue's messages to a function, one batch after another. What the function did not process stays in the
 * queue and becomes visible again after the visibility timeout.
 */
export class QueuePoller {
  readonly #mapping: QueueMapping;
  readonly #sqs: SqsService;
  readonly #lambda: LambdaService;
  readonly #log: LocalLog;
  #unsubscribe: () => void = () => undefined;
  #draining: Promise<void> | undefined;
  /** A message may have become visible since the queue was last asked. */
  #asked = false;
  #closed = false;

  constructor(mapping: QueueMapping, sqs: SqsService, lambda: LambdaService, log: LocalLog) {
    this.#mapping = mapping;
    this.#sqs = sqs;
    this.#lambda = lambda;
    this.#log = log;
  }

  /** Takes what is in the queue, and from now on whatever becomes visible there. */
  start(): void {
    this.#unsubscribe = this.#sqs.onVisible(this.#mapping.queueArn, () => this.#poll());
    this.#poll();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    await this.#draining;
  }

  #poll(): void {
    this.#asked = true;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#asked && !this.#closed) this.#poll();
    });
  }

  async #drain(): Promise<void> {
    try {
      while (!this.#closed) {
        this.#asked = false;
        const messages = await this.#sqs.receive(this.#mapping.queueArn, this.#mapping.batchSize);
        if (messages.length === 0) return;
        const done = await this.#process(messages);
        if (done.length > 0) await this.#sqs.delete(this.#mapping.queueArn, done);
      }
    } catch (error) {
      this.#log.warn(`${this.#mapping.functionName}: ${this.#mapping.queueArn}: ${(error as Error).message}`);
    }
  }

  /** Invokes the function with a batch; answers the receipt handles of the messages that are done with. */
  async #process(messages: readonly SqsMessage[]): Promise<readonly string[]> {
    const event = { Records: messages.map((message) => record(message, this.#mapping)) };
    let result: InvokeResult;
    try {
      result = await this.#lambda.invoke(this.#mapping.functionName, event, { from: 'sqs' });
    } catch (error) {
      this.#log.warn(`${this.#mapping.functionName}: a batch was not delivered: ${(error as Error).message}`);
      return [];
    }
    const failed = failedMessages(result, messages, this.#mapping.reportsItemFailures);
    return messages.filter((one) => !failed.has(one.messageId)).map((one) => one.receiptHandle);
  }
}

/** The ids of the messages that a function did not process; an answer that can't be read fails the whole batch. */
export function failedMessages(
  result: InvokeResult,
  messages: readonly SqsMessage[],
  reportsItemFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(messages.map((one) => one.messageId));
  if (result.functionError !== undefined) return all;
  if (!reportsItemFailures || result.payload === null) return new Set();
  const parsed = itemFailures.safeParse(result.payload);
  if (!parsed.success) return all;
  const failed = new Set((parsed.data.batchItemFailures ?? []).map((one) => one.itemIdentifier));
  return [...failed].every((id) => all.has(id)) ? failed : all;
}

function record(message: SqsMessage, mapping: QueueMapping): object {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: {},
    md5OfBody: createHash('md5').update(message.body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: mapping.queueArn,
    awsRegion: mapping.region,
  };
}
