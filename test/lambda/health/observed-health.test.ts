import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { observedHealth } from '../../../lambda/health/observed-health.ts';
import { asynchronousModel, NOW, SECOND } from '../support/asynchronous-model.ts';
import { request, served } from '../support/ports.ts';

let model: ReturnType<typeof asynchronousModel>;

beforeEach(() => {
  model = asynchronousModel();
});
afterEach(() => vi.restoreAllMocks());

describe('GET /health of an asynchronous model', () => {
  const health = () =>
    observedHealth({ model: served, outcomes: model.endpoint.outcomes, now: () => NOW }, request());

  it('is good before the first request, and after one that was answered', async () => {
    expect((await health()).body).toMatchObject({ status: 'healthy', model: 'harvest' });
    await model.accept({ input: { area: 2 } });
    await model.finish(model.succeeded([6]));
    expect((await health()).body).toMatchObject({ checkedAt: '2026-05-04T03:02:04.000Z' });
  });

  it('goes by when requests ended, not by when that is heard of, or heard of again', async () => {
    await model.accept({ input: { area: 2 } });
    await model.accept({ input: { area: 3 } });
    await model.finish(model.failed('dead', { eventTime: '2026-05-04T03:02:05.000Z' }));
    await model.finish(model.succeeded([9], SECOND, { eventTime: '2026-05-04T05:02:04.999+02:00' }));
    await expect(health()).rejects.toMatchObject({
      code: 'model-error',
      message: 'The model failed on its latest request, at 2026-05-04T03:02:05.000Z.',
    });

    await model.finish(model.succeeded([9], SECOND, { eventTime: '2026-05-04T03:02:05.001Z' }));
    expect((await health()).body).toMatchObject({ checkedAt: '2026-05-04T03:02:05.001Z' });
  });

  it('tells that the latest request failed', async () => {
    await model.accept({ input: { area: 2 } });
    await model.finish(model.failed('dead'));
    await expect(health()).rejects.toMatchObject({ code: 'model-error' });
  });
});
