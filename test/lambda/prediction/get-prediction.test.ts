import { beforeEach, describe, expect, it } from 'vitest';
import { predictionRecord } from '../../../lambda/capture/record.ts';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { computed, memoryStore, request } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

const NOW = Date.parse('2026-05-04T03:02:01Z');

let memory: ReturnType<typeof memoryStore>;

beforeEach(async () => {
  memory = memoryStore();
  const circumstances = {
    model: computed,
    variant: 'champion',
    now: NOW,
    retentionDays: 1,
    requestId: 'R',
    traceId: undefined,
  };
  await memory.store.write(
    [predictionRecord(ID, { area: 2 }, { harvest: 6 }, circumstances)],
    AbortSignal.timeout(1000),
  );
});

const read = (id = ID) =>
  getPrediction(
    { model: computed, store: memory.store, now: () => NOW },
    request({ pathParameters: { id } }),
  );

describe('GET /predictions/{id}', () => {
  it('answers what was stored, without what is internal', async () => {
    expect(await read(ID.toLowerCase())).toEqual({
      status: 200,
      body: {
        predictionId: ID,
        model: 'harvest',
        version: '1.2.3',
        variant: 'champion',
        createdAt: '2026-05-04T03:02:01.000Z',
        input: { area: { value: 2, unit: 'ha' } },
        prediction: { harvest: { value: 6, unit: 't' } },
        warnings: [],
      },
    });
  });

  it('knows no other prediction', async () => {
    await expect(read('01JDXM3V5Q8ZJ4T0R9C7B2A6WF')).rejects.toMatchObject({ code: 'prediction-not-found' });
  });
});
