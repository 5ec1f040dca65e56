import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { asynchronousModel, ID, SECOND } from '../support/asynchronous-model.ts';
import { countedByVariant } from '../support/counted.ts';
import { REQUEST_ID } from '../support/ports.ts';

let model: ReturnType<typeof asynchronousModel>;
let counted: readonly string[];

beforeEach(() => {
  model = asynchronousModel();
  counted = countedByVariant();
});
afterEach(() => vi.restoreAllMocks());

describe('POST /predictions of an asynchronous model', () => {
  it('keeps the request and the pending prediction before the model.endpoint hears of it', async () => {
    expect(await model.accept({ input: { area: 200 } })).toEqual({
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
    expect(model.endpoint.steps.slice(0, -1).sort()).toEqual([
      `keep ${ID}`,
      `put inputs/${ID}.json`,
      `put requests/${ID}.json`,
    ]);
    expect(model.endpoint.steps.at(-1)).toBe(`invoke ${ID}`);
    expect(JSON.parse(model.endpoint.objects.get(`inputs/${ID}.json`) ?? '').inputs[0].data).toEqual([200]);
    expect(model.endpoint.invocations).toMatchObject([
      { requestName: ID, inputUri: `s3://bucket/inputs/${ID}.json` },
    ]);
    expect(model.endpoint.invocations[0]?.customAttributes).toContain(`requestId=${REQUEST_ID}`);
  });

  it('makes one invocation of a list', async () => {
    const { body, headers } = await model.accept({ inputs: [{ area: 1 }, { area: 2 }] });

    expect(body).toMatchObject({
      status: 'pending',
      predictions: [{ predictionId: ID }, { predictionId: SECOND }],
    });
    expect(headers).toEqual({ 'Retry-After': '5' });
    expect(model.endpoint.invocations.map(({ requestName }) => requestName)).toEqual([ID]);
    expect(JSON.parse(model.endpoint.objects.get(`inputs/${ID}.json`) ?? '').inputs[0].data).toEqual([1, 2]);
  });

  it('puts nothing into the queue where the request could not be kept', async () => {
    const payloads = { ...model.endpoint.payloads, put: () => Promise.reject(new Error('bucket away')) };

    await expect(model.accept({ input: { area: 1 } }, { payloads })).rejects.toMatchObject({
      code: 'store-unavailable',
      retryAfterSeconds: 2,
    });
    expect(model.endpoint.invocations).toEqual([]);
    expect(counted).toEqual([]);
  });

  it('asks nobody to try again where this side is set up wrongly', async () => {
    const missing = Object.assign(new Error('no such bucket'), { name: 'NoSuchBucket' });
    const payloads = { ...model.endpoint.payloads, put: () => Promise.reject(missing) };
    await expect(model.accept({ input: { area: 1 } }, { payloads })).rejects.toBe(missing);

    const away = new ProblemError('store-unavailable', 'The table is away.', { retryAfterSeconds: 2 });
    const outcomes = { ...model.endpoint.outcomes, keep: () => Promise.reject(away) };
    await expect(model.accept({ input: { area: 1 } }, { outcomes })).rejects.toBe(away);
    expect(model.endpoint.invocations).toEqual([]);
  });

  it('tells a throttled model.endpoint from a broken one', async () => {
    const throttled = Object.assign(new Error(''), { name: 'ThrottlingException' });

    await expect(
      model.accept({ input: { area: 1 } }, { invoke: () => Promise.reject(throttled) }),
    ).rejects.toMatchObject({ code: 'model-throttled' });
    expect(counted).toEqual(['VariantErrors champion 1']);
  });

  it('refuses an invalid input before anything is kept', async () => {
    await expect(model.accept({ input: { area: -1 } })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(model.endpoint.steps).toEqual([]);
  });
});
