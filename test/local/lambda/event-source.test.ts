import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failedMessages, QueuePoller } from '../../../local/lambda/event-source.ts';
import type { InvokeResult, LambdaService } from '../../../local/lambda/service.ts';
import type { SqsMessage, SqsService } from '../../../local/sqs/service.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:retries';

/** A queue whose received messages come back when the test says so. */
class FakeQueue implements SqsService {
  visible: SqsMessage[] = [];
  readonly hidden = new Map<string, SqsMessage>();
  #callback: (() => void) | undefined;

  send(...bodies: string[]): void {
    for (const body of bodies) {
      this.visible.push({
        messageId: `id-${body}`,
        receiptHandle: `handle-${body}`,
        body,
        attributes: { SentTimestamp: '1' },
      });
    }
    this.#callback?.();
  }

  async enqueue(_queueArn: string, body: string): Promise<void> {
    this.send(body);
  }

  reappear(): void {
    this.visible.push(...this.hidden.values());
    this.hidden.clear();
    this.#callback?.();
  }

  async receive(_queueArn: string, max: number): Promise<readonly SqsMessage[]> {
    const taken = this.visible.splice(0, max);
    for (const message of taken) this.hidden.set(message.receiptHandle, message);
    return taken;
  }

  async delete(_queueArn: string, handles: readonly string[]): Promise<void> {
    for (const handle of handles) this.hidden.delete(handle);
  }

  onVisible(_queueArn: string, callback: () => void): () => void {
    this.#callback = callback;
    return () => {
      this.#callback = undefined;
    };
  }
}

let queue: FakeQueue;
let results: (InvokeResult | Error)[];
let events: { Records: { body: string }[] }[];
let warnings: string[];
let poller: QueuePoller | undefined;

const lambda: LambdaService = {
  release: () => undefined,
  async invoke(_arn, event) {
    events.push(event as (typeof events)[number]);
    const result = results.shift() ?? { payload: null };
    if (result instanceof Error) throw result;
    return result;
  },
  permits: () => true,
};

beforeEach(() => {
  queue = new FakeQueue();
  results = [];
  events = [];
  warnings = [];
});

afterEach(() => poller?.close());

function startPoller(batchSize: number, reportsItemFailures: boolean): void {
  const log = {
    group: () => undefined,
    info: () => undefined,
    warn: (message: string) => void warnings.push(message),
  };
  const mapping = {
    queueArn: QUEUE,
    functionName: 'drain',
    region: 'us-east-1',
    batchSize,
    reportsItemFailures,
  };
  poller = new QueuePoller(mapping, queue, lambda, log);
  poller.start();
}

const bodies = () => events.map((event) => event.Records.map((record) => record.body));
const emptied = () => vi.waitFor(() => expect(queue.visible.length + queue.hidden.size).toBe(0));

describe('QueuePoller', () => {
  test('delivers what waits and what arrives, in batches, and deletes what succeeded', async () => {
    queue.send('a', 'b', 'c');
    startPoller(2, false);
    await emptied();
    queue.send('d');
    await emptied();

    expect(bodies()).toEqual([['a', 'b'], ['c'], ['d']]);
    expect(events[0]?.Records[0]).toEqual({
      messageId: 'id-a',
      receiptHandle: 'handle-a',
      body: 'a',
      attributes: { SentTimestamp: '1' },
      messageAttributes: {},
      md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
      eventSource: 'aws:sqs',
      eventSourceARN: QUEUE,
      awsRegion: 'us-east-1',
    });
  });

  test('keeps the items that the function reports as failed', async () => {
    results.push({ payload: { batchItemFailures: [{ itemIdentifier: 'id-b' }] } });
    queue.send('a', 'b', 'c');
    startPoller(10, true);
    await vi.waitFor(() => expect([...queue.hidden.keys()]).toEqual(['handle-b']));

    queue.reappear();
    await emptied();
    expect(bodies()).toEqual([['a', 'b', 'c'], ['b']]);
  });

  test.each([
    ['the function fails', { payload: {}, functionError: 'Unhandled' } as const],
    ['the function can not be invoked', new Error('Rate Exceeded.')],
  ])('keeps the whole batch where %s', async (_, result) => {
    results.push(result);
    queue.send('a', 'b');
    startPoller(10, true);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    await vi.waitFor(() => expect(queue.hidden.size).toBe(2));

    queue.reappear();
    await emptied();
    expect(warnings).toEqual(
      result instanceof Error ? ['drain: a batch was not delivered: Rate Exceeded.'] : [],
    );
  });

  test('delivers nothing after it is closed', async () => {
    startPoller(10, false);
    await poller?.close();
    queue.send('a');

    expect(queue.visible).toHaveLength(1);
  });
});

describe('failedMessages', () => {
  const messages = ['a', 'b'].map((id) => ({ messageId: id, receiptHandle: id, body: '', attributes: {} }));

  test.each([
    [null, []],
    [{}, []],
    [{ batchItemFailures: [] }, []],
    [{ batchItemFailures: null }, []],
    [{ batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    [{ batchItemFailures: [{ itemIdentifier: 'unknown' }] }, ['a', 'b']],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
    [{ batchItemFailures: [{}] }, ['a', 'b']],
    ['done', ['a', 'b']],
  ])('of the answer %j are %j', (payload, failed) => {
    expect([...failedMessages({ payload }, messages, true)]).toEqual(failed);
  });

  test('are none where the mapping does not ask for them', () => {
    const payload = { batchItemFailures: [{ itemIdentifier: 'b' }] };
    expect([...failedMessages({ payload }, messages, false)]).toEqual([]);
  });
});
