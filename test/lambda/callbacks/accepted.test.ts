import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { decodeStoredRequest } from '../../../lambda/asynchronous/stored-request.ts';
import type { Callback } from '../../../lambda/callbacks/callback.ts';
import type { CallbackQueue } from '../../../lambda/callbacks/callback-queue.ts';
import { complete } from '../../../lambda/completion/complete.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { harvests, memoryEndpoint, notified } from '../support/asynchronous-ports.ts';
import { countedByVariant, countedInAll } from '../support/counted.ts';
import { request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';
const URL_SENT = 'https://HOOKS.example.com/harvest?token=4711';
const URL_STORED = 'https://hooks.example.com/harvest?token=4711';
const SIGNAL = AbortSignal.timeout(10_000);

let endpoint: ReturnType<typeof memoryEndpoint>;
let sent: Callback[];
let callbacks: CallbackQueue | undefined;
let counted: readonly string[];

beforeEach(() => {
  endpoint = memoryEndpoint();
  sent = [];
  callbacks = { send: async (callback) => void sent.push(callback) };
  countedByVariant();
  counted = countedInAll();
});
afterEach(() => vi.restoreAllMocks());

function accept(callbackUrl: string | undefined, areas: readonly number[] = [2]) {
  const ids = [ID, SECOND];
  return submit(
    {
      ...endpoint,
      model: served,
      variant: 'champion',
      shadowQueues: {
        shadows: [{ name: 'forest', version: '1.9.0', invoke: endpoint.invoke }],
        budgetMs: 20,
      },
      limits: { timeoutSeconds: 60, maxWaitSeconds: 600 },
      callbacks: { hosts: ['hooks.example.com'] },
      retentionDays: 1,
      now: () => Date.parse('2026-05-04T03:02:01Z'),
      newId: () => ids.shift() ?? '',
    },
    request({ body: JSON.stringify({ inputs: areas.map((area) => ({ area })) }), callbackUrl }),
  );
}

const succeeded = (inferenceId = ID, ...data: readonly number[]) => {
  endpoint.objects.set('outputs/x.out', harvests(...data));
  const outputLocation = 's3://bucket/outputs/x.out';
  return notified({ invocationStatus: 'Completed', inferenceId, responseParameters: { outputLocation } });
};
const failed = () => notified({ invocationStatus: 'Failed', inferenceId: ID, failureReason: 'dead' });
const finish = (message: ReturnType<typeof notified>) =>
  complete({ ...endpoint, model: served, callbacks }, [message], SIGNAL);
const DONE = { batchItemFailures: [] };
const COMES_BACK = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };

describe('a request that names where its caller wants to be told', () => {
  it('keeps the URL where its completion finds it, and nowhere else', async () => {
    const { body } = await accept(URL_SENT);

    const { [`requests/${ID}.json`]: kept = '', ...others } = Object.fromEntries(endpoint.objects);
    expect(decodeStoredRequest(kept).callbackUrl).toBe(URL_STORED);
    const elsewhere = [others, body, [...endpoint.records.values()], endpoint.invocations, endpoint.steps];
    expect(JSON.stringify(elsewhere).toLowerCase()).not.toMatch(/hooks|4711/);
  });

  it('is refused with a wrong one before anything is kept', async () => {
    await expect(accept('https://evil.example/')).rejects.toMatchObject({ code: 'invalid-callback' });
    await expect(accept('')).rejects.toMatchObject({ code: 'invalid-callback' });
    expect(endpoint.steps).toEqual([]);
  });

  it('is told once for all of its predictions, when they are stored, without anything of them', async () => {
    await accept(URL_SENT, [1, 2]);
    let stored: unknown;
    callbacks = {
      send: async (callback) => {
        stored = [ID, SECOND].map((id) => endpoint.records.get(id)?.status);
        sent.push(callback);
      },
    };
    expect(await finish(succeeded(ID, 3, 6))).toEqual(DONE);

    expect(stored).toEqual([undefined, undefined]);
    expect(sent).toEqual([
      {
        callbackId: ID,
        url: URL_STORED,
        model: 'harvest',
        status: 'succeeded',
        predictionIds: [ID, SECOND],
      },
    ]);
  });

  it('is told of a failure as well', async () => {
    await accept(URL_SENT);
    expect(await finish(failed())).toEqual(DONE);

    expect(sent).toMatchObject([{ status: 'failed', predictionIds: [ID] }]);
  });

  it('is not told of what a shadow says', async () => {
    await accept(URL_SENT);
    expect(await finish(succeeded(`${ID}/forest`, 6))).toEqual(DONE);

    expect(sent).toEqual([]);
  });
});

describe('the completion of such a request', () => {
  it('comes back where the callback could not be kept, and then tells what is stored', async () => {
    await accept(URL_SENT);
    const working = callbacks;
    callbacks = { send: () => Promise.reject(new Error('queue away')) };
    expect(await finish(failed())).toEqual(COMES_BACK);

    callbacks = working;
    expect(await finish(failed())).toEqual(DONE);
    expect(sent).toMatchObject([{ callbackId: ID, status: 'failed' }]);
    expect(counted).toEqual(['AsynchronousFailures 1']);
  });

  it('tells the first outcome, whatever comes after it', async () => {
    await accept(URL_SENT);
    await finish(succeeded(ID, 6));
    await finish(failed());

    expect(sent.map(({ callbackId, status }) => [callbackId, status])).toEqual([
      [ID, 'succeeded'],
      [ID, 'succeeded'],
    ]);
  });

  it('tells nothing before every outcome is stored', async () => {
    await accept(URL_SENT, [1, 2]);
    const { finish: store } = endpoint.outcomes;
    endpoint.outcomes.finish = async (outcome, signal) => {
      if (outcome.predictionId === SECOND) throw new ProblemError('store-unavailable', 'away');
      return store(outcome, signal);
    };
    expect(await finish(succeeded(ID, 3, 6))).toEqual(COMES_BACK);
    expect(sent).toEqual([]);

    endpoint.outcomes.finish = store;
    await finish(succeeded(ID, 3, 6));
    expect(sent).toMatchObject([{ status: 'succeeded', predictionIds: [ID, SECOND] }]);
  });

  it('gives the callback up, and counts it, where none is made any more or the prediction has expired', async () => {
    await accept(URL_SENT);
    const working = callbacks;
    callbacks = undefined;
    expect(await finish(succeeded(ID, 6))).toEqual(DONE);
    callbacks = working;
    endpoint.records.clear();
    expect(await finish(succeeded(ID, 6))).toEqual(DONE);

    expect(sent).toEqual([]);
    expect(counted).toEqual(['Predictions 1', 'CallbacksRefused 1', 'CallbacksRefused 1']);
  });

  it('tells nobody who did not ask for it', async () => {
    await accept(undefined);
    await finish(succeeded(ID, 6));

    expect(sent).toEqual([]);
    expect(counted).toEqual(['Predictions 1']);
  });
});
