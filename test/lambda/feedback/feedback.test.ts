import { beforeEach, describe, expect, it } from 'vitest';
import { addFeedback } from '../../../lambda/feedback/feedback.ts';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { computed, REQUEST_ID, request } from '../support/ports.ts';
import { ID, NOW, storeWithPrediction } from '../support/stored-prediction.ts';

let memory: Awaited<ReturnType<typeof storeWithPrediction>>;

beforeEach(async () => {
  memory = await storeWithPrediction();
});

const give = (body: unknown, id = ID) =>
  addFeedback(
    { model: computed, store: memory.store, retentionDays: 400, now: () => NOW },
    request({ pathParameters: { id }, body: JSON.stringify(body) }),
  );

const read = (id = ID) =>
  getPrediction(
    { model: computed, store: memory.store, now: () => NOW },
    request({ pathParameters: { id } }),
  );

describe('POST /predictions/{id}/feedback', () => {
  it('stores the truth in the declared unit, and GET shows it', async () => {
    const answer = await give({
      actual: { harvest: { value: 5500, unit: 'kg' } },
      observedAt: '2026-05-03T00:00:00Z',
      source: 'scale',
    });
    expect(answer).toEqual({
      status: 201,
      body: {
        predictionId: ID,
        actual: { harvest: { value: 5.5, unit: 't' } },
        receivedAt: '2026-05-04T03:02:01.000Z',
      },
    });
    expect(memory.feedback.get(ID)).toMatchObject({
      requestId: REQUEST_ID,
      expiresAt: NOW / 1000 + 400 * 86_400,
    });
    expect((await read()).body).toMatchObject({
      feedback: {
        actual: { harvest: { value: 5.5, unit: 't' } },
        source: 'scale',
        observedAt: '2026-05-03T00:00:00Z',
      },
    });
  });

  it('takes feedback once and keeps the first', async () => {
    await give({ actual: { harvest: 5 } });
    await expect(give({ actual: { harvest: 7 } })).rejects.toMatchObject({ code: 'feedback-exists' });
    expect(memory.feedback.get(ID)?.actual).toEqual({ harvest: { value: 5, unit: 't' } });
  });

  it.each([
    [
      'an unknown prediction',
      { actual: { harvest: 5 } },
      '01JDXM3V5Q8ZJ4T0R9C7B2A6WF',
      'prediction-not-found',
    ],
    ['what is no prediction id', { actual: { harvest: 5 } }, 'x', 'prediction-not-found'],
    ['no actual', {}, ID, 'invalid-request'],
    ['an impossible value', { actual: { harvest: -5 } }, ID, 'invalid-input'],
    ['another dimension', { actual: { harvest: { value: 5, unit: 'ha' } } }, ID, 'invalid-input'],
    ['a date without a time', { actual: { harvest: 5 }, observedAt: '2026-05-03' }, ID, 'invalid-request'],
  ])('refuses %s', async (_, body, id, code) => {
    await expect(give(body, id)).rejects.toMatchObject({ code });
    expect(memory.feedback.size).toBe(0);
  });
});
