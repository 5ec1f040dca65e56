import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asynchronousModel, NOW } from '../support/asynchronous-model.ts';

let model: ReturnType<typeof asynchronousModel>;

beforeEach(() => {
  model = asynchronousModel();
});
afterEach(() => vi.restoreAllMocks());

describe('GET /predictions/{id} of an accepted prediction', () => {
  it('is pending, with the time after which to ask again', async () => {
    await model.accept({ input: { area: 2 } });

    const { status, body, headers } = await model.read();
    expect({ status, headers }).toEqual({ status: 200, headers: { 'Retry-After': '5' } });
    expect(body).toMatchObject({
      status: 'pending',
      input: { area: { value: 2, unit: 'ha' } },
      warnings: [],
    });
  });

  it('has failed once nothing can come of it any more', async () => {
    await model.accept({ input: { area: 2 } });
    const longest = (600 + 60 + 15 * 60) * 1000;

    expect((await model.read(NOW + longest - 1)).body).toMatchObject({ status: 'pending' });
    expect((await model.read(NOW + longest)).body).toMatchObject({
      status: 'failed',
      problem: { code: 'model-timeout' },
    });
  });
});
