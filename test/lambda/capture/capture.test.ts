import { describe, expect, it } from 'vitest';
import { captureWith } from '../../../lambda/capture/capture.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { memoryStore } from '../support/ports.ts';

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
