import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvokeAsynchronously } from '../../../lambda/asynchronous/invoker.ts';
import { complete } from '../../../lambda/completion/complete.ts';
import { observedHealth } from '../../../lambda/health/observed-health.ts';
import { logger } from '../../../lambda/observability.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { harvests, memoryEndpoint, notified } from '../support/asynchronous-ports.ts';
import { countedByVariant } from '../support/counted.ts';
import { REQUEST_ID, request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';
const NOW = Date.parse('2026-05-04T03:02:01Z');
const never: InvokeAsynchronously = () => new Promise(() => {});

let endpoint: ReturnType<typeof memoryEndpoint>;
let counted: readonly string[];
beforeEach(() => {
  endpoint = memoryEndpoint();
  counted = countedByVariant();
});
afterEach(() => vi.restoreAllMocks());

/** Accepts a request for the challenger `ridge`, with the shadow `forest`. */
function accept(inputs: readonly object[], others: { shadow?: InvokeAsynchronously; now?: number } = {}) {
  const ids = [ID, SECOND];
  const { shadow = endpoint.invoke, now = NOW } = others;
  return submit(
    {
      ...endpoint,
      model: { ...served, version: '1.3.0' },
      variant: 'ridge',
      shadowQueues: { shadows: [{ name: 'forest', version: '1.9.0', invoke: shadow }], budgetMs: 20 },
      limits: { timeoutSeconds: 60, maxWaitSeconds: 600 },
      retentionDays: 1,
      now: () => now,
      newId: () => ids.shift() ?? '',
    },
    request({ body: JSON.stringify({ inputs }) }),
  );
}

const answered = (inferenceId: string, text: string) => {
  endpoint.objects.set(`outputs/${inferenceId}.out`, text);
  const outputLocation = `s3://bucket/outputs/${inferenceId}.out`;
  return notified({ invocationStatus: 'Completed', inferenceId, responseParameters: { outputLocation } });
};
const failed = (inferenceId: string, failureReason = 'Received server error (500) from primary') =>
  notified({ invocationStatus: 'Failed', inferenceId, failureReason });

const finish = (message: ReturnType<typeof notified>, model = served) =>
  complete({ ...endpoint, model }, [message], AbortSignal.timeout(10_000));

describe('a challenger behind a queue', () => {
  it('is named by the acceptance, the pending prediction and the outcome, with its version', async () => {
    expect((await accept([{ area: 2 }])).body).toMatchObject({ variant: 'ridge', version: '1.3.0' });
    expect(endpoint.records.get(ID)).toMatchObject({ status: 'pending', variant: 'ridge', version: '1.3.0' });

    await finish(answered(ID, harvests(8)));
    expect(endpoint.records.get(ID)).toMatchObject({
      variant: 'ridge',
      version: '1.3.0',
      prediction: { harvest: { value: 8, unit: 't' } },
    });
    expect(counted).toEqual(['Predictions ridge 1']);
  });

  it('is counted where it fails, and leaves the health of the champion alone', async () => {
    await accept([{ area: 2 }, { area: 3 }]);
    await finish(failed(ID));

    expect(counted).toEqual(['AsynchronousFailures ridge 2', 'VariantErrors ridge 1']);
    const ports = { model: served, outcomes: endpoint.outcomes, now: () => NOW };
    expect((await observedHealth(ports, request())).status).toBe(200);
  });
});

describe('a shadow behind a queue', () => {
  it('gets the same request, under an id that tells its notification from the one that answers', async () => {
    await accept([{ area: 2 }]);

    expect(endpoint.steps.slice(-2)).toEqual([`invoke ${ID}`, `invoke ${ID}/forest`]);
    const [first, second] = endpoint.invocations;
    expect(second?.inputUri).toBe(first?.inputUri);
    expect(counted).toEqual([]);
  });

  it('is stored beside the predictions of its request, and changes none of them', async () => {
    await accept([{ area: 2 }, { area: 3 }]);
    const message = answered(`${ID}/forest`, harvests(8, 12));
    expect(await finish(message)).toEqual({ batchItemFailures: [] });

    const common = {
      record: 'shadow#forest',
      model: 'harvest',
      version: '1.9.0',
      variant: 'forest',
      createdAt: '2026-05-04T03:02:01.000Z',
      latencyMs: 2500,
      requestId: REQUEST_ID,
      traceId: 'Root=1-65f0c0de-000000000000000000000001',
      expiresAt: NOW / 1000 + 86_400,
    };
    const expected = [
      { ...common, predictionId: ID, prediction: { harvest: { value: 8, unit: 't' } } },
      { ...common, predictionId: SECOND, prediction: { harvest: { value: 12, unit: 't' } } },
    ];
    expect([...endpoint.shadowRecords.values()]).toEqual(expected);
    expect(endpoint.records.get(ID)).toMatchObject({ status: 'pending' });
    expect(counted).toEqual(['ShadowPredictions forest 2']);

    await finish(message);
    expect([...endpoint.shadowRecords.values()]).toEqual(expected);
  });

  it('keeps the version that it had when it was asked', async () => {
    await accept([{ area: 2 }]);
    await finish(answered(`${ID}/forest`, harvests(8)), { ...served, version: '1.9.9' });

    expect([...endpoint.shadowRecords.values()]).toMatchObject([{ version: '1.9.0' }]);
  });

  it.each([
    ['fails', () => failed(`${ID}/forest`)],
    ['answers nothing that can be read', () => answered(`${ID}/forest`, 'nonsense')],
    ['answers what the contract excludes', () => answered(`${ID}/forest`, harvests(-1))],
    ['answers for a request that did not ask it', () => answered(`${ID}/larch`, harvests(1))],
  ])('that %s is counted, and its message does not come back', async (_, message) => {
    await accept([{ area: 2 }]);

    expect(await finish(message())).toEqual({ batchItemFailures: [] });
    expect(endpoint.shadowRecords.size).toBe(0);
    expect(endpoint.records.get(ID)).toMatchObject({ status: 'pending' });
    expect(counted).toEqual([expect.stringMatching(/^ShadowErrors (forest|larch) 1$/)]);
  });

  it('whose records the table refuses is counted, and its message does not come back', async () => {
    await accept([{ area: 2 }]);
    endpoint.shadowStore.write = () => Promise.reject(new Error('throttled'));

    expect(await finish(answered(`${ID}/forest`, harvests(8)))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['ShadowErrors forest 1']);
  });

  it('that fails leaves nothing of its answer in the log', async () => {
    const warn = vi.spyOn(logger, 'warn').mockImplementation(() => {});
    await accept([{ area: 2 }]);
    await finish(failed(`${ID}/forest`, 'Received server error (500) with message "the field is 4711"'));

    expect(warn).toHaveBeenCalledWith('shadow failed', {
      shadow: 'forest',
      error: new Error('Received server error (500)'),
    });
  });

  it('whose queue refuses the request is counted, and nobody else hears of it', async () => {
    const { status } = await accept([{ area: 2 }], { shadow: () => Promise.reject(new Error('throttled')) });

    expect(status).toBe(202);
    expect(counted).toEqual(['ShadowErrors forest 1']);
  });

  it('whose queue does not answer is given up after the budget', async () => {
    let signal: AbortSignal | undefined;
    const { status } = await accept([{ area: 2 }], {
      shadow: (invocation, aborted) => {
        signal = aborted;
        return never(invocation, aborted);
      },
    });

    expect(status).toBe(202);
    expect(signal?.aborted).toBe(true);
    expect(counted).toEqual(['ShadowTimeouts forest 1']);
  });

  it('is given up at once where the request is not accepted', async () => {
    let signal: AbortSignal | undefined;
    endpoint.invoke = () => Promise.reject(Object.assign(new Error(''), { name: 'ThrottlingException' }));
    const refused = accept([{ area: 2 }], {
      shadow: (invocation, aborted) => {
        signal = aborted;
        return never(invocation, aborted);
      },
    });

    await expect(refused).rejects.toMatchObject({ code: 'model-throttled' });
    expect(signal?.aborted).toBe(true);
    expect(counted).toEqual(['VariantErrors ridge 1']);
  });
});
