import { describe, expect, it } from 'vitest';
import { captureWith } from '../../lambda/capture/capture.ts';
import { packRecords, unpackRecords } from '../../lambda/capture/messages.ts';
import type { PredictionRecord } from '../../lambda/capture/record.ts';
import { drain } from '../../lambda/operations/drain.ts';
import { memoryStore } from './ports.ts';

const DEADLINE = { remainingMs: () => 1000 };

function records(count: number, size = 10): PredictionRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    predictionId: `ID${index}`,
    record: 'prediction',
    model: 'harvest',
    version: '1.0.0',
    variant: 'champion',
    createdAt: '2026-05-04T03:02:01.000Z',
    input: { text: 'x'.repeat(size) },
    prediction: {},
    warnings: [],
    requestId: 'R',
    expiresAt: 1,
  }));
}

const ids = (list: readonly PredictionRecord[]) => list.map(({ predictionId }) => predictionId);

describe('capture', () => {
  it('writes to the table and leaves the queue alone', async () => {
    const { store, predictions } = memoryStore();
    const queued: PredictionRecord[] = [];
    await captureWith(store, { send: async (batch) => void queued.push(...batch) })(records(3), DEADLINE);
    expect([...predictions.keys()]).toEqual(['ID0', 'ID1', 'ID2']);
    expect(queued).toEqual([]);
  });

  it('queues just what the table did not take', async () => {
    const { store } = memoryStore();
    const queued: PredictionRecord[] = [];
    const flaky = {
      ...store,
      write: async (batch: readonly PredictionRecord[]) => ({ unwritten: batch.slice(1) }),
    };
    await captureWith(flaky, { send: async (batch) => void queued.push(...batch) })(records(3), DEADLINE);
    expect(ids(queued)).toEqual(['ID1', 'ID2']);
  });

  it('never fails a prediction, even if neither takes it', async () => {
    const { store } = memoryStore();
    const down = {
      ...store,
      write: async (batch: readonly PredictionRecord[]) => ({ unwritten: batch, error: new Error('down') }),
    };
    const send = () => Promise.reject(new Error('down as well'));
    await expect(captureWith(down, { send })(records(1), DEADLINE)).resolves.toBeUndefined();
  });
});

describe('queue messages', () => {
  it('packs many records into few messages below the limit, and loses none', () => {
    const packed = packRecords(records(300, 2000));
    expect(packed.length).toBeGreaterThan(3);
    expect(packed.length).toBeLessThan(10);
    for (const message of packed) expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
    expect(packed.flatMap((message) => ids(unpackRecords(message)))).toEqual(ids(records(300)));
  });

  it.each(['', '{}', '{"records":[]}', '{"records":[{"predictionId":1}]}'])(
    'refuses the message %j',
    (body) => {
      expect(() => unpackRecords(body)).toThrow();
    },
  );
});

describe('draining the queue', () => {
  const message = (messageId: string, body: string) =>
    ({ messageId, body }) as Parameters<typeof drain>[1][number];
  const signal = new AbortController().signal;

  it('writes every record and asks for no message again', async () => {
    const { store, predictions } = memoryStore();
    const [body = ''] = packRecords(records(2));
    expect(await drain(store, [message('m1', body)], signal)).toEqual({ batchItemFailures: [] });
    expect([...predictions.keys()]).toEqual(['ID0', 'ID1']);
  });

  it('asks just for the messages again whose records were not all written', async () => {
    const { store } = memoryStore();
    const picky = {
      ...store,
      write: async (batch: readonly PredictionRecord[]) => ({
        unwritten: batch.filter(({ predictionId }) => predictionId === 'ID1'),
      }),
    };
    const bodies = records(3).map((record) => packRecords([record])[0] ?? '');
    const outcome = await drain(
      picky,
      [...bodies.map((body, index) => message(`m${index}`, body)), message('bad', 'x')],
      signal,
    );
    expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'bad' }] });
  });
});
