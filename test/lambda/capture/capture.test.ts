import { describe, expect, it } from 'vitest';
import { captureWith } from '../../../lambda/capture/capture.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { memoryStore } from '../support/ports.ts';
import { idsOf, records } from '../support/records.ts';

const DEADLINE = { remainingMs: () => 1000 };

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
    expect(idsOf(queued)).toEqual(['ID1', 'ID2']);
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
