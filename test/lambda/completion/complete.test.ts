import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { asynchronousModel, ID, NOW, SECOND, SIGNAL } from '../support/asynchronous-model.ts';
import { messageOf } from '../support/asynchronous-ports.ts';
import { countedByVariant } from '../support/counted.ts';
import { REQUEST_ID } from '../support/ports.ts';

let model: ReturnType<typeof asynchronousModel>;
let counted: readonly string[];

beforeEach(() => {
  model = asynchronousModel();
  counted = countedByVariant();
});
afterEach(() => vi.restoreAllMocks());

describe("the endpoint's notification", () => {
  it('becomes the prediction, which is read as in every other mode', async () => {
    await model.accept({ input: { area: 200 } });
    expect(await model.finish(model.succeeded([600]))).toEqual({ batchItemFailures: [] });

    const { status, body, headers } = await model.read();
    expect(status).toBe(200);
    expect(headers).toBeUndefined();
    expect(body).toMatchObject({ predictionId: ID, prediction: { harvest: { value: 600, unit: 't' } } });
    expect(body).not.toHaveProperty('status');
    expect((body as { warnings: unknown[] }).warnings).toHaveLength(1);
  });

  it('becomes the prediction in the unit that was asked for', async () => {
    await model.accept({ input: { area: 2 }, units: { harvest: 'kg' } });
    await model.finish(model.succeeded([6]));

    expect((await model.read()).body).toMatchObject({ prediction: { harvest: { value: 6000, unit: 'kg' } } });
    expect(model.endpoint.records.get(ID)).toMatchObject({
      prediction: { harvest: { value: 6, unit: 't' } },
    });
  });

  it('is read in its own unit where it is too large for the one that was asked for', async () => {
    await model.accept({ input: { area: 2 }, units: { harvest: 'pg' } });
    await model.finish(model.succeeded([1e300]));

    expect((await model.read()).body).toMatchObject({ prediction: { harvest: { value: 1e300, unit: 't' } } });
  });

  it('becomes every prediction of a list, in order', async () => {
    await model.accept({ inputs: [{ area: 1 }, { area: 2 }] });
    await model.finish(model.succeeded([3, 6]));

    expect((await model.read(NOW, SECOND)).body).toMatchObject({
      prediction: { harvest: { value: 6, unit: 't' } },
    });
  });

  it('changes nothing when it comes twice, or after a failure', async () => {
    await model.accept({ input: { area: 2 } });
    await model.finish(model.succeeded([6]));
    expect(await model.finish(model.succeeded([7]), model.failed('late'))).toEqual({ batchItemFailures: [] });

    expect((await model.read()).body).toMatchObject({ prediction: { harvest: { value: 6 } } });
    expect(counted).toEqual(['Predictions champion 1']);
  });

  it.each([
    ['Received server error (500) from primary', 'model-error', 502],
    ['Your invocation timed out while waiting', 'model-timeout', 504],
    ['The request expired', 'model-timeout', 504],
  ])('of the failure "%s" becomes the problem %s, without the reason', async (reason, code, status) => {
    await model.accept({ input: { area: 2 } });
    await model.finish(model.failed(reason));

    const { body } = await model.read();
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
    await model.accept({ input: { area: 2 } });
    const notification = model.succeeded([6]);
    model.endpoint.objects.set('outputs/x.out', text);

    expect(await model.finish(notification)).toEqual({ batchItemFailures: [] });
    expect((await model.read()).body).toMatchObject({ status: 'failed', problem: { code: 'model-error' } });
  });

  it('comes back where its answer can not be read or its outcome not be stored', async () => {
    await model.accept({ input: { area: 2 } });
    const notification = model.succeeded([6]);
    model.endpoint.objects.delete('outputs/x.out');
    expect(await model.finish(notification)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
    expect((await model.read()).body).toMatchObject({ status: 'pending' });

    model.succeeded([6]);
    model.endpoint.outcomes.finish = () => Promise.reject(new ProblemError('store-unavailable', 'away'));
    expect(await model.finish(notification)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  });

  it('comes back for what could not be stored; the rest is stored and counted, once', async () => {
    await model.accept({ inputs: [{ area: 1 }, { area: 2 }] });
    const { finish: store } = model.endpoint.outcomes;
    model.endpoint.outcomes.finish = async (outcome, signal) => {
      if (outcome.predictionId === ID) throw new ProblemError('store-unavailable', 'away');
      return store(outcome, signal);
    };
    expect(await model.finish(model.succeeded([3, 6]))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
    expect((await model.read(NOW, SECOND)).body).toMatchObject({ prediction: { harvest: { value: 6 } } });
    expect(counted).toEqual(['Predictions champion 1']);

    model.endpoint.outcomes.finish = store;
    expect(await model.finish(model.succeeded([3, 6]))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['Predictions champion 1', 'Predictions champion 1']);
  });

  it('of a failure counts the invocation once, in however many attempts its outcomes are stored', async () => {
    await model.accept({ inputs: [{ area: 1 }, { area: 2 }] });
    const { finish: store } = model.endpoint.outcomes;
    model.endpoint.outcomes.finish = async (outcome, signal) => {
      if (outcome.predictionId === SECOND) throw new ProblemError('store-unavailable', 'away');
      return store(outcome, signal);
    };
    await model.finish(model.failed('dead'));
    model.endpoint.outcomes.finish = store;
    await model.finish(model.failed('dead'));

    expect(counted).toEqual([
      'AsynchronousFailures champion 1',
      'VariantErrors champion 1',
      'AsynchronousFailures champion 1',
    ]);
  });

  it('is counted although the health could not be noted, and not again when it comes back for that', async () => {
    await model.accept({ input: { area: 2 } });
    const { noteOutcome } = model.endpoint.outcomes;
    model.endpoint.outcomes.noteOutcome = () => Promise.reject(new ProblemError('store-unavailable', 'away'));
    expect(await model.finish(model.succeeded([6]))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
    expect(counted).toEqual(['Predictions champion 1']);

    model.endpoint.outcomes.noteOutcome = noteOutcome;
    expect(await model.finish(model.succeeded([6]))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual(['Predictions champion 1']);
    expect(await model.endpoint.outcomes.lastOutcome(SIGNAL)).toMatchObject({ succeeded: true });
  });

  it('comes back where it can not be read itself', async () => {
    expect(await model.finish(messageOf('no json'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
  });
});

describe('an asynchronous model on a container with another codec', () => {
  it('is sent, and answers, in that codec', async () => {
    const csv = codecNamed('csv');
    await model.accept({ inputs: [{ area: 1 }, { area: 2 }] }, { codec: csv });
    expect(model.endpoint.objects.get(`inputs/${ID}.json`)).toBe('1\n2');

    const notification = model.succeeded([]);
    model.endpoint.objects.set('outputs/x.out', '3\n6\n');
    expect(await model.finishIn(csv, notification)).toEqual({ batchItemFailures: [] });
    expect([ID, SECOND].map((id) => model.endpoint.records.get(id))).toMatchObject([
      { prediction: { harvest: { value: 3 } } },
      { prediction: { harvest: { value: 6 } } },
    ]);
  });
});
