import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { memoryEndpoint } from '../support/asynchronous-ports.ts';
import { countedByVariant } from '../support/counted.ts';
import { REQUEST_ID, request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';

const NOW = Date.parse('2026-05-04T03:02:01Z');

let endpoint: ReturnType<typeof memoryEndpoint>;

let ids: string[];

let counted: readonly string[];

beforeEach(() => {
  endpoint = memoryEndpoint();
  ids = [ID, SECOND];
  counted = countedByVariant();
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

describe('POST /predictions of an asynchronous model', () => {
  it('keeps the request and the pending prediction before the endpoint hears of it', async () => {
    expect(await accept({ input: { area: 200 } })).toEqual({
      status: 202,
      body: {
        predictionId: ID,
        status: 'pending',
        model: 'harvest',
        version: '1.2.3',
        variant: 'champion',
        warnings: [expect.objectContaining({ path: '/input/area', code: 'outside-expected-range' })],
      },
      headers: { Location: `predictions/${ID}`, 'Retry-After': '5' },
    });
    expect(endpoint.steps.slice(0, -1).sort()).toEqual([
      `keep ${ID}`,
      `put inputs/${ID}.json`,
      `put requests/${ID}.json`,
    ]);
    expect(endpoint.steps.at(-1)).toBe(`invoke ${ID}`);
    expect(JSON.parse(endpoint.objects.get(`inputs/${ID}.json`) ?? '').inputs[0].data).toEqual([200]);
    expect(endpoint.invocations).toMatchObject([
      { requestName: ID, inputUri: `s3://bucket/inputs/${ID}.json` },
    ]);
    expect(endpoint.invocations[0]?.customAttributes).toContain(`requestId=${REQUEST_ID}`);
  });

  it('makes one invocation of a list', async () => {
    const { body, headers } = await accept({ inputs: [{ area: 1 }, { area: 2 }] });

    expect(body).toMatchObject({
      status: 'pending',
      predictions: [{ predictionId: ID }, { predictionId: SECOND }],
    });
    expect(headers).toEqual({ 'Retry-After': '5' });
    expect(endpoint.invocations.map(({ requestName }) => requestName)).toEqual([ID]);
    expect(JSON.parse(endpoint.objects.get(`inputs/${ID}.json`) ?? '').inputs[0].data).toEqual([1, 2]);
  });

  it('puts nothing into the queue where the request could not be kept', async () => {
    const payloads = { ...endpoint.payloads, put: () => Promise.reject(new Error('bucket away')) };

    await expect(accept({ input: { area: 1 } }, { payloads })).rejects.toMatchObject({
      code: 'store-unavailable',
      retryAfterSeconds: 2,
    });
    expect(endpoint.invocations).toEqual([]);
    expect(counted).toEqual([]);
  });

  it('asks nobody to try again where this side is set up wrongly', async () => {
    const missing = Object.assign(new Error('no such bucket'), { name: 'NoSuchBucket' });
    const payloads = { ...endpoint.payloads, put: () => Promise.reject(missing) };
    await expect(accept({ input: { area: 1 } }, { payloads })).rejects.toBe(missing);

    const away = new ProblemError('store-unavailable', 'The table is away.', { retryAfterSeconds: 2 });
    const outcomes = { ...endpoint.outcomes, keep: () => Promise.reject(away) };
    await expect(accept({ input: { area: 1 } }, { outcomes })).rejects.toBe(away);
    expect(endpoint.invocations).toEqual([]);
  });

  it('tells a throttled endpoint from a broken one', async () => {
    const throttled = Object.assign(new Error(''), { name: 'ThrottlingException' });

    await expect(
      accept({ input: { area: 1 } }, { invoke: () => Promise.reject(throttled) }),
    ).rejects.toMatchObject({ code: 'model-throttled' });
    expect(counted).toEqual(['VariantErrors champion 1']);
  });

  it('refuses an invalid input before anything is kept', async () => {
    await expect(accept({ input: { area: -1 } })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(endpoint.steps).toEqual([]);
  });
});
