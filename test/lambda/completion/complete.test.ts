import type { SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import type { PredictionStore } from '../../../lambda/capture/store.ts';
import { complete } from '../../../lambda/completion/complete.ts';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { type Codec, codecNamed } from '../../../lambda/predictors/codec.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { harvests, memoryEndpoint, messageOf, notified } from '../support/asynchronous-ports.ts';
import { countedByVariant } from '../support/counted.ts';
import { memoryStore, REQUEST_ID, request, served } from '../support/ports.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';

const NOW = Date.parse('2026-05-04T03:02:01Z');

const SIGNAL = AbortSignal.timeout(10_000);

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

describe("the endpoint's notification", () => {
  it('becomes the prediction, which is read as in every other mode', async () => {
    await accept({ input: { area: 200 } });
    expect(await finish(succeeded([600]))).toEqual({ batchItemFailures: [] });

    const { status, body, headers } = await read();
    expect(status).toBe(200);
    expect(headers).toBeUndefined();
    expect(body).toMatchObject({ predictionId: ID, prediction: { harvest: { value: 600, unit: 't' } } });
    expect(body).not.toHaveProperty('status');
    expect((body as { warnings: unknown[] }).warnings).toHaveLength(1);
  });

  it('becomes the prediction in the unit that was asked for', async () => {
    await accept({ input: { area: 2 }, units: { harvest: 'kg' } });
    await finish(succeeded([6]));

    expect((await read()).body).toMatchObject({ prediction: { harvest: { value: 6000, unit: 'kg' } } });
    expect(endpoint.records.get(ID)).toMatchObject({ prediction: { harvest: { value: 6, unit: 't' } } });
  });

  it('is read in its own unit where it is too large for the one that was asked for', async () => {
    await accept({ input: { area: 2 }, units: { harvest: 'pg' } });
    await finish(succeeded([1e300]));

    expect((await read()).body).toMatchObject({ prediction: { harvest: { value: 1e300, unit: 't' } } });
  });

  it('becomes every prediction of a list, in order', async () => {
    await accept({ inputs: [{ area: 1 }, { area: 2 }] });
    await finish(succeeded([3, 6]));

    expect((await read(NOW, SECOND)).body).toMatchObject({
      prediction: { harvest: { value: 6, unit: 't' } },
    });
  });

  it('changes nothing when it comes twice, or after a failure', async () => {
    await accept({ input: { area: 2 } });
    await finish(succeeded([6]));
    expect(await finish(succeeded([7]), failed('late'))).toEqual({ batchItemFailures: [] });

    expect((await read()).body).toMatchObject({ prediction: { harvest: { value: 6 } } });
    expect(counted).toEqual(['Predictions champion 1']);
  });

  it.each([
    ['Received server error (500) from primary', 'model-error', 502],
    ['Your invocation timed out while waiting', 'model-timeout', 504],
    ['The request expired', 'model-timeout', 504],
  ])('of the failure "%s" becomes the problem %s, without the reason', async (reason, code, status) => {
    await accept({ input: { area: 2 } });
    await finish(failed(reason));

    const { body } = await read();
    expect(body).toMatchObject({
      status: 'failed',
      problem: { code, status, instance: `urn:uuid:${REQUEST_ID}` },
    });
    expect(JSON.stringify(body)).not.toContain('primary');
    expect(body).not.toHaveProperty('prediction');
  });

  it.each([
    ['what is no tensor', 'nonsense'],
    ['too few answers', JSON.stringify({ outputs: [] })],
    [
      'what the contract excludes',
      JSON.stringify({ outputs: [{ name: 'harvest', shape: [1, 1], datatype: 'FP32', data: [-6] }] }),
    ],
  ])('of %s becomes a model-error', async (_, text) => {
    await accept({ input: { area: 2 } });
    const notification = succeeded([6]);
    endpoint.objects.set('outputs/x.out', text);

    expect(await finish(notification)).toEqual({ batchItemFailures: [] });
    expect((await read()).body).toMatchObject({ status: 'failed', problem: { code: 'model-error' } });
  });

  it('comes back where its answer can not be read or its outcome not be stored', async () => {
    await accept({ input: { area: 2 } });
    const notification = succeeded([6]);
    endpoint.objects.delete('outputs/x.out');
    expect(await finish(notification)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect((await read()).body).toMatchObject({ status: 'pending' });

    succeeded([6]);
    endpoint.outcomes.finish = () => Promise.reject(new ProblemError('store-unavailable', 'away'));
    expect(await finish(notification)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  });

  it('comes back for what could not be stored; the rest is stored and counted, once', async () => {
    await accept({ inputs: [{ area: 1 }, { area: 2 }] });
    const { finish: store } = endpoint.outcomes;
    endpoint.outcomes.finish = async (outcome, signal) => {
      if (outcome.predictionId === ID) throw new ProblemError('store-unavailable', 'away');
      return store(outcome, signal);
    };
    expect(await finish(succeeded([3, 6]))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect((await read(NOW, SECOND)).body).toMatchObject({ prediction: { harvest: { value: 6 } } });
    expect(counted).toEqual(['Predictions champion 1']);

    endpoint.outcomes.finish = store;
    expect(await finish(succeeded([3, 6]))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['Predictions champion 1', 'Predictions champion 1']);
  });

  it('of a failure counts the invocation once, in however many attempts its outcomes are stored', async () => {
    await accept({ inputs: [{ area: 1 }, { area: 2 }] });
    const { finish: store } = endpoint.outcomes;
    endpoint.outcomes.finish = async (outcome, signal) => {
      if (outcome.predictionId === SECOND) throw new ProblemError('store-unavailable', 'away');
      return store(outcome, signal);
    };
    await finish(failed('dead'));
    endpoint.outcomes.finish = store;
    await finish(failed('dead'));

    expect(counted).toEqual([
      'AsynchronousFailures champion 1',
      'VariantErrors champion 1',
      'AsynchronousFailures champion 1',
    ]);
  });

  it('is counted although the health could not be noted, and not again when it comes back for that', async () => {
    await accept({ input: { area: 2 } });
    const { noteOutcome } = endpoint.outcomes;
    endpoint.outcomes.noteOutcome = () => Promise.reject(new ProblemError('store-unavailable', 'away'));
    expect(await finish(succeeded([6]))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect(counted).toEqual(['Predictions champion 1']);

    endpoint.outcomes.noteOutcome = noteOutcome;
    expect(await finish(succeeded([6]))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['Predictions champion 1']);
    expect(await endpoint.outcomes.lastOutcome(SIGNAL)).toMatchObject({ succeeded: true });
  });

  it('comes back where it can not be read itself', async () => {
    expect(await finish(messageOf('no json'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  });
});

describe('an asynchronous model on a container with another codec', () => {
  it('is sent, and answers, in that codec', async () => {
    const csv = codecNamed('csv');
    await accept({ inputs: [{ area: 1 }, { area: 2 }] }, { codec: csv });
    expect(endpoint.objects.get(`inputs/${ID}.json`)).toBe('1\n2');

    const notification = succeeded([]);
    endpoint.objects.set('outputs/x.out', '3\n6\n');
    expect(await finishIn(csv, notification)).toEqual({ batchItemFailures: [] });
    expect([ID, SECOND].map((id) => endpoint.records.get(id))).toMatchObject([
      { prediction: { harvest: { value: 3 } } },
      { prediction: { harvest: { value: 6 } } },
    ]);
  });
});
