import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PredictionStore } from '../../../lambda/capture/store.ts';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { memoryEndpoint } from '../support/asynchronous-ports.ts';
import { memoryStore, request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';

const NOW = Date.parse('2026-05-04T03:02:01Z');

let endpoint: ReturnType<typeof memoryEndpoint>;

let ids: string[];

beforeEach(() => {
  endpoint = memoryEndpoint();
  ids = [ID, SECOND];
});

afterEach(() => vi.restoreAllMocks());

const accept = (body: unknown, ports = {}) =>
  submit(
    {
      model: served,
      codec: codecNamed('oip'),
      payloads: endpoint.payloads,
      invoke: endpoint.invoke,
      outcomes: endpoint.outcomes,
      limits: { timeoutSeconds: 60, maxWaitSeconds: 600 },
      variant: 'champion',
      shadowQueues: { shadows: [], budgetMs: 1 },
      retentionDays: 1,
      now: () => NOW,
      newId: () => ids.shift() ?? '',
      ...ports,
    },
    request({ body: JSON.stringify(body) }),
  );

const read = (now = NOW, id = ID) => {
  const store: PredictionStore = {
    ...memoryStore().store,
    read: async (predictionId) => {
      const prediction = endpoint.records.get(predictionId);
      return prediction && { prediction, feedback: undefined };
    },
  };
  return getPrediction({ model: served, store, now: () => now }, request({ pathParameters: { id } }));
};

describe('GET /predictions/{id} of an accepted prediction', () => {
  it('is pending, with the time after which to ask again', async () => {
    await accept({ input: { area: 2 } });

    const { status, body, headers } = await read();
    expect({ status, headers }).toEqual({ status: 200, headers: { 'Retry-After': '5' } });
    expect(body).toMatchObject({
      status: 'pending',
      input: { area: { value: 2, unit: 'ha' } },
      warnings: [],
    });
  });

  it('has failed once nothing can come of it any more', async () => {
    await accept({ input: { area: 2 } });
    const longest = (600 + 60 + 15 * 60) * 1000;

    expect((await read(NOW + longest - 1)).body).toMatchObject({ status: 'pending' });
    expect((await read(NOW + longest)).body).toMatchObject({
      status: 'failed',
      problem: { code: 'model-timeout' },
    });
  });
});
