import type { SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complete } from '../../../lambda/completion/complete.ts';
import { observedHealth } from '../../../lambda/health/observed-health.ts';
import { type Codec, codecNamed } from '../../../lambda/predictors/codec.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { harvests, memoryEndpoint, notified } from '../support/asynchronous-ports.ts';
import { request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';

const NOW = Date.parse('2026-05-04T03:02:01Z');

const SIGNAL = AbortSignal.timeout(10_000);

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

const succeeded = (data: readonly number[], inferenceId = ID, times = {}) => {
  endpoint.objects.set('outputs/x.out', harvests(...data));
  return notified({
    invocationStatus: 'Completed',
    inferenceId,
    responseParameters: { contentType: 'application/json', outputLocation: 's3://bucket/outputs/x.out' },
    ...times,
  });
};

const failed = (failureReason: string, times = {}) =>
  notified({ invocationStatus: 'Failed', inferenceId: ID, failureReason, ...times });

const finishIn = (codec: Codec, ...messages: SQSRecord[]) =>
  complete({ ...endpoint, model: served, codec }, messages, SIGNAL);

const finish = (...messages: SQSRecord[]) => finishIn(codecNamed('oip'), ...messages);

describe('GET /health of an asynchronous model', () => {
  const health = () =>
    observedHealth({ model: served, outcomes: endpoint.outcomes, now: () => NOW }, request());

  it('is good before the first request, and after one that was answered', async () => {
    expect((await health()).body).toMatchObject({ status: 'healthy', model: 'harvest' });
    await accept({ input: { area: 2 } });
    await finish(succeeded([6]));
    expect((await health()).body).toMatchObject({ checkedAt: '2026-05-04T03:02:04.000Z' });
  });

  it('goes by when requests ended, not by when that is heard of, or heard of again', async () => {
    await accept({ input: { area: 2 } });
    await accept({ input: { area: 3 } });
    await finish(failed('dead', { eventTime: '2026-05-04T03:02:05.000Z' }));
    await finish(succeeded([9], SECOND, { eventTime: '2026-05-04T05:02:04.999+02:00' }));
    await expect(health()).rejects.toMatchObject({
      code: 'model-error',
      message: 'The model failed on its latest request, at 2026-05-04T03:02:05.000Z.',
    });

    await finish(succeeded([9], SECOND, { eventTime: '2026-05-04T03:02:05.001Z' }));
    expect((await health()).body).toMatchObject({ checkedAt: '2026-05-04T03:02:05.001Z' });
  });

  it('tells that the latest request failed', async () => {
    await accept({ input: { area: 2 } });
    await finish(failed('dead'));
    await expect(health()).rejects.toMatchObject({ code: 'model-error' });
  });
});
