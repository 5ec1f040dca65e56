import { describe, expect, it } from 'vitest';
import { drain } from '../../../lambda/capture/drain.ts';
import { packRecords } from '../../../lambda/capture/messages.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { memoryStore } from '../support/ports.ts';
import { records } from '../support/records.ts';

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
