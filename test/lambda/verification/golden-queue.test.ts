import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complete } from '../../../lambda/completion/complete.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { collectGolden, isGoldenCollection } from '../../../lambda/verification/golden-collection.ts';
import { type SubmitGoldenPorts, submitGolden } from '../../../lambda/verification/golden-submission.ts';
import { harvests, memoryEndpoint, notified } from '../support/asynchronous-ports.ts';
import { countedByVariant } from '../support/counted.ts';
import { request, served } from '../support/ports.ts';

const NAME = '0d4a6c3e-8a51-4f0e-9d57-0c6f4b3f7a11';
const INFERENCE = `verification/${NAME}`;
const INPUT = `inputs/${INFERENCE}.json`;
const INPUTS = [{ area: 2 }, { area: { value: 30_000, unit: 'm2' } }];
const PLACES = {
  outputUri: `s3://bucket/outputs/${INFERENCE}.out`,
  failureUri: `s3://bucket/failures/${INFERENCE}-error.out`,
};
const LIMITS = { timeoutSeconds: 60, maxWaitSeconds: 600 };
const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 10_000 } as Context;

let endpoint: ReturnType<typeof memoryEndpoint>;
beforeEach(() => {
  endpoint = memoryEndpoint();
});
afterEach(() => vi.restoreAllMocks());

/** Has the predict function ask a variant. */
function ask(inputs: readonly object[] = INPUTS, others: Partial<SubmitGoldenPorts> = {}) {
  return submitGolden(
    { ...endpoint, model: served, limits: LIMITS, queueOf: () => endpoint.invoke, ...others },
    {
      goldenPredictions: { variant: 'champion', name: NAME, inputs: inputs as Record<string, unknown>[] },
    },
    context,
  );
}

/** Has the function that completes predictions look for the answer. */
function collect(others: Partial<ReturnType<typeof memoryEndpoint>> = {}) {
  return collectGolden(
    { ...endpoint, ...others, model: served },
    { goldenAnswer: { ...PLACES, name: NAME, inputs: INPUTS } },
    context,
  );
}

const lies = (uri: string, text: string) => endpoint.objects.set(endpoint.payloads.keyOf(uri), text);

describe('a verification’s question to a model that answers later', () => {
  it('is put into a folder and a queue under a name of its own, and into no table', async () => {
    expect(await ask()).toEqual({ queued: PLACES });

    expect(endpoint.steps).toEqual([`put ${INPUT}`, `invoke ${INFERENCE}`]);
    expect(endpoint.invocations).toMatchObject([{ inputUri: `s3://bucket/${INPUT}` }]);
    expect(endpoint.records.size).toBe(0);
  });

  it('is what a caller would have the endpoint read', async () => {
    await ask();
    await submit(
      {
        ...endpoint,
        model: served,
        variant: 'champion',
        shadowQueues: { shadows: [], budgetMs: 1 },
        limits: LIMITS,
        retentionDays: 1,
        now: () => 0,
        newId: () => 'ID',
      },
      request({ body: JSON.stringify({ inputs: INPUTS }) }),
    );
    const sent = (key: string) => ({ ...JSON.parse(endpoint.objects.get(key) ?? ''), id: undefined });

    expect(sent(INPUT)).toEqual(sent('inputs/ID.json'));
    expect(sent(INPUT).inputs).toMatchObject([{ name: 'area', data: [2, 3] }]);
  });

  it('goes to the queue of the variant that it asks', async () => {
    const queues: string[] = [];
    await ask(INPUTS, {
      queueOf: (variant) => {
        queues.push(variant);
        return endpoint.invoke;
      },
    });

    expect(queues).toEqual(['champion']);
  });

  it('is answered at once with the problem that a request would get', async () => {
    const refuse = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

    expect(await ask([{ area: -1 }])).toMatchObject({ problem: { code: 'invalid-input' } });
    expect(await ask(INPUTS, { queueOf: () => () => Promise.reject(refuse) })).toMatchObject({
      problem: { code: 'model-throttled' },
    });
  });

  it('is answered with a problem of the bucket, which passes or not', async () => {
    const refusing = (name: string) => ({
      ...endpoint.payloads,
      put: () => Promise.reject(Object.assign(new Error('as S3 words it'), { name })),
    });

    expect(await ask(INPUTS, { payloads: refusing('SlowDown') })).toMatchObject({
      problem: { code: 'store-unavailable' },
    });
    expect(await ask(INPUTS, { payloads: refusing('AccessDenied') })).toMatchObject({
      problem: { code: 'internal-error' },
    });
  });

  it('fails where the queue does not say where its outcomes lie', async () => {
    const silent = async () => ({ outputUri: PLACES.outputUri, failureUri: undefined });

    expect(await ask(INPUTS, { queueOf: () => silent })).toMatchObject({
      problem: { code: 'internal-error' },
    });
  });
});

describe('the answer to it', () => {
  it('is waited for as long as neither an answer nor a failure lies there', async () => {
    await ask();

    expect(await collect()).toEqual({ pending: true });
    expect(endpoint.objects.has(INPUT)).toBe(true);
  });

  it('is read as any answer is, and what was asked is deleted', async () => {
    await ask();
    lies(PLACES.outputUri, harvests(6, 9));

    expect(await collect()).toEqual({ outputs: [{ harvest: 6 }, { harvest: 9 }] });
    expect(endpoint.objects.has(INPUT)).toBe(false);
  });

  it('is a problem where it breaks the contract, or can’t be read', async () => {
    lies(PLACES.outputUri, harvests(6, -1));
    expect(await collect()).toMatchObject({ problem: { code: 'model-error' } });

    lies(PLACES.outputUri, 'nonsense');
    expect(await collect()).toMatchObject({ problem: { code: 'model-error' } });
  });

  it('is what the container said where it failed, and what was asked is deleted', async () => {
    await ask();
    lies(PLACES.failureUri, `no such tensor ${'x'.repeat(1000)}`);
    const outcome = await collect();

    expect(outcome).toMatchObject({
      problem: { code: 'model-error', detail: expect.stringContaining('no such tensor') },
    });
    expect(JSON.stringify(outcome).length).toBeLessThan(400);
    expect(endpoint.objects.has(INPUT)).toBe(false);
  });

  it('counts where what was asked can’t be deleted', async () => {
    lies(PLACES.outputUri, harvests(6, 9));
    const payloads = { ...endpoint.payloads, delete: () => Promise.reject(new Error('throttled')) };

    expect(await collect({ payloads })).toEqual({ outputs: [{ harvest: 6 }, { harvest: 9 }] });
  });

  it('is asked for by none of the events that a queue sends', () => {
    expect(isGoldenCollection({ Records: [] })).toBe(false);
    expect(isGoldenCollection({ goldenAnswer: { ...PLACES, name: NAME, inputs: [] } })).toBe(true);
  });
});

describe('the notification of a verification', () => {
  it.each([
    [
      'an answer',
      { invocationStatus: 'Completed', responseParameters: { outputLocation: PLACES.outputUri } },
    ],
    ['a failure', { invocationStatus: 'Failed', failureReason: 'Received server error (500) from primary' }],
  ])('of %s is nobody’s prediction: nothing is stored, counted or kept in the queue', async (_, about) => {
    const counted = countedByVariant();
    const ended = vi.spyOn(endpoint.outcomes, 'noteOutcome');
    await ask();
    lies(PLACES.outputUri, harvests(6, 9));
    const message = notified({ ...about, inferenceId: INFERENCE });

    expect(await complete({ ...endpoint, model: served }, [message], AbortSignal.timeout(1000))).toEqual({
      batchItemFailures: [],
    });
    expect(endpoint.records.size).toBe(0);
    expect(counted).toEqual([]);
    expect(ended).not.toHaveBeenCalled();
  });
});
