import { beforeEach, describe, expect, it } from 'vitest';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { computed, request } from '../support/ports.ts';
import { ID, NOW, storeWithPrediction } from '../support/stored-prediction.ts';

let memory: Awaited<ReturnType<typeof storeWithPrediction>>;

beforeEach(async () => {
  memory = await storeWithPrediction();
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
