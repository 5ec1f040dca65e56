import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Finished, Prepared } from '../../../lambda/batch/events.ts';
import { finishEventSchema, prepareEventSchema } from '../../../lambda/batch/events.ts';
import { batchExplain } from '../../../lambda/batch/explain.ts';
import { batchFinish, type FinishPorts } from '../../../lambda/batch/finish.ts';
import { batchPrepare } from '../../../lambda/batch/prepare.ts';
import { metrics } from '../../../lambda/observability.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { REQUEST_ID, served } from '../support/ports.ts';
import { ENOUGH_TIME, looks, memoryObjects } from './objects.ts';

const EXECUTION = 'monday';
const STARTED = '2026-05-04T00:00:00.000Z';
const NOW = Date.parse('2026-05-04T03:02:01Z');

type Bucket = ReturnType<typeof memoryObjects>;

const line = (area: number) => `${JSON.stringify({ id: `f${area}`, input: { area } })}\n`;

let counted: Record<string, number>;
beforeEach(() => {
  counted = {};
  vi.spyOn(metrics, 'addMetric').mockImplementation((name, _, count) => {
    counted[name] = (counted[name] ?? 0) + count;
    return metrics;
  });
});
afterEach(() => void vi.restoreAllMocks());

const answerOf = (data: readonly number[]) =>
  JSON.stringify({ outputs: [{ name: 'harvest', shape: [data.length, 1], datatype: 'FP32', data }] });

/** What the transform job does: answers each request, by default with three times the area. */
function transform({ content }: Bucket, model = (area: number) => area * 3, folder = '') {
  for (const [key, request] of content) {
    if (!key.startsWith(`work/${EXECUTION}/requests/`)) continue;
    const areas: number[] = JSON.parse(request).inputs[0].data;
    const name = `${key.replace('/requests/', `/answers/${folder}`)}.out`;
    content.set(name, answerOf(areas.map(model)));
  }
}

async function prepared(bucket: Bucket, input: object = { prefix: 'incoming/' }): Promise<Prepared> {
  const answer = await batchPrepare(
    {
      model: served,
      codec: codecNamed('oip'),
      objects: bucket.objects,
      recordsPerRequest: 3,
      jobPrefix: 'x-',
      requestId: REQUEST_ID,
      deadline: ENOUGH_TIME,
    },
    { execution: EXECUTION, input, prepared: null },
  );
  if ('error' in answer) throw new Error(answer.error.Cause);
  return answer.prepared;
}

interface Options {
  readonly state: Prepared;
  readonly finished?: Finished | null;
  readonly input?: unknown;
  readonly partBytes?: number;
  readonly ports?: Partial<FinishPorts>;
}

const finish = (
  bucket: Bucket,
  { state, finished = null, input = { prefix: 'incoming/' }, partBytes, ports = {} }: Options,
) =>
  batchFinish(
    {
      model: served,
      codec: codecNamed('oip'),
      objects: bucket.objects,
      requestId: REQUEST_ID,
      deadline: ENOUGH_TIME,
      now: () => NOW,
      ...ports,
    },
    { task: 'finish', execution: EXECUTION, startedAt: STARTED, input, prepared: state, finished },
    partBytes,
  );

const results = (bucket: Bucket, key: string) =>
  (bucket.content.get(`results/monday/${key}`) ?? '')
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one));

describe('the end of a batch', () => {
  it('answers every line in its place: with units and warnings, or with a problem', async () => {
    const bucket = memoryObjects({
      'incoming/july/a.jsonl': `${line(1)}nonsense\n${line(200)}{"input":{"area":2}}\n`,
    });
    const state = await prepared(bucket);
    transform(bucket);

    const { finished, summary } = await finish(bucket, { state });

    expect(finished.done).toBe(true);
    expect(results(bucket, 'july/a/00000001.jsonl')).toEqual([
      { id: 'f1', line: 1, prediction: { harvest: { value: 3, unit: 't' } }, warnings: [] },
      {
        line: 2,
        problem: expect.objectContaining({
          code: 'invalid-json',
          status: 400,
          instance: `urn:uuid:${REQUEST_ID}`,
        }),
      },
      {
        id: 'f200',
        line: 3,
        prediction: { harvest: { value: 600, unit: 't' } },
        warnings: [expect.objectContaining({ path: '/input/area', code: 'outside-expected-range' })],
      },
      { line: 4, prediction: { harvest: { value: 6, unit: 't' } }, warnings: [] },
    ]);
    expect(summary).toEqual({
      execution: EXECUTION,
      model: 'harvest',
      version: '1.2.3',
      input: { prefix: 'incoming/' },
      startedAt: STARTED,
      finishedAt: '2026-05-04T03:02:01.000Z',
      status: 'succeeded',
      results: 's3://bucket/results/monday/',
      objects: 1,
      ignoredObjects: 0,
      lines: 4,
      predictions: 3,
      flagged: 1,
      problems: 1,
      problemsByCode: { 'invalid-json': 1 },
    });
    expect(JSON.parse(bucket.content.get('results/monday/summary.json') ?? '')).toEqual(summary);
    expect(counted).toEqual({ BatchPredictions: 3, BatchProblems: 1, OutsideExpectedRange: 1 });
  });

  it('answers in the units that the execution was started with', async () => {
    const input = { prefix: 'incoming/', units: { harvest: 'kg' } };
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) });
    const state = await prepared(bucket, input);
    transform(bucket);

    await finish(bucket, { state, input });

    expect(results(bucket, 'a/00000001.jsonl')).toMatchObject([
      { prediction: { harvest: { value: 3000, unit: 'kg' } } },
    ]);
  });

  it('answers with a problem a line whose answer is too large for the unit, and the others with theirs', async () => {
    const input = { prefix: 'incoming/', units: { harvest: 'pg' } };
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) + line(2) });
    const state = await prepared(bucket, input);
    transform(bucket, (area) => (area === 1 ? 1e300 : 3));

    await finish(bucket, { state, input });

    expect(results(bucket, 'a/00000001.jsonl')).toMatchObject([
      {
        line: 1,
        problem: { code: 'invalid-input', errors: [{ path: '/units/harvest', code: 'not-finite' }] },
      },
      { line: 2, prediction: { harvest: { value: 3e18, unit: 'pg' } } },
    ]);
  });

  it('finds the answers in either layout that SageMaker gives them', async () => {
    for (const folder of ['', 'requests/']) {
      const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) + line(2) + line(3) + line(4) });
      const state = await prepared(bucket);
      transform(bucket, undefined, folder);

      const { summary } = await finish(bucket, { state });

      expect(summary?.predictions).toBe(4);
    }
  });

  it('comes to the same in parts and rounds of any size', async () => {
    const files = {
      'incoming/a.jsonl': Array.from({ length: 20 }, (_, index) => line(index)).join(''),
      'incoming/b.jsonl': `${line(1)}nonsense\n`,
    };
    const whole = memoryObjects(files);
    const state = await prepared(whole);
    transform(whole);
    const once = await finish(whole, { state });

    const bucket = memoryObjects(files);
    await prepared(bucket);
    transform(bucket);
    let answer = await finish(bucket, { state, partBytes: 500, ports: { deadline: looks(2) } });
    let rounds = 1;
    while (answer.summary === null && rounds < 20) {
      const { finished } = answer;
      answer = await finish(bucket, { state, finished, partBytes: 500, ports: { deadline: looks(1) } });
      rounds += 1;
    }

    expect(rounds).toBeGreaterThan(1);
    expect(answer.summary).toEqual(once.summary);
    const parts = [...bucket.content.keys()].filter((key) => key.startsWith('results/monday/a/')).sort();
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map((key) => bucket.content.get(key)).join('')).toBe(
      whole.content.get('results/monday/a/00000001.jsonl'),
    );
    expect(counted).toEqual({ BatchPredictions: 42, BatchProblems: 2 });
  });

  it('makes problems of what the contract excludes, and of nothing else', async () => {
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) + line(2) + line(3) });
    const state = await prepared(bucket);
    transform(bucket, (area) => (area === 2 ? -1 : area));

    const { summary } = await finish(bucket, { state });

    expect(summary).toMatchObject({ predictions: 2, problems: 1, problemsByCode: { 'model-error': 1 } });
    expect(results(bucket, 'a/00000001.jsonl')[1]).toEqual({
      id: 'f2',
      line: 2,
      problem: expect.objectContaining({ code: 'model-error', status: 502 }),
    });
  });

  it.each([
    ['is no JSON', 'nonsense'],
    ['has too few answers', answerOf([1])],
  ])('makes problems of a request whose answer %s', async (_, answer) => {
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) + line(2) + line(3) + line(4) });
    const state = await prepared(bucket);
    transform(bucket);
    bucket.content.set('work/monday/answers/00000001.json.out', answer);

    const { summary } = await finish(bucket, { state });

    expect(summary).toMatchObject({ predictions: 1, problemsByCode: { 'model-error': 3 } });
  });

  it('is reached without a transform job where no line could be asked about', async () => {
    const bucket = memoryObjects({ 'incoming/a.jsonl': 'nonsense\n' });
    const state = await prepared(bucket);

    expect(state.requests).toBe(0);
    expect((await finish(bucket, { state })).summary).toMatchObject({ predictions: 0, problems: 1 });
  });

  it('fails where an answer is missing, so that nothing is taken for complete', async () => {
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) });
    const state = await prepared(bucket);

    await expect(finish(bucket, { state })).rejects.toThrow('left nothing below work/monday/answers/');
    expect(bucket.content.has('results/monday/summary.json')).toBe(false);
  });

  it('understands what it answers when the state machine hands it back', async () => {
    const bucket = memoryObjects({ 'incoming/a.jsonl': line(1) + line(2) + line(3) + line(4) });
    const state = await prepared(bucket);
    transform(bucket);
    const { finished } = await finish(bucket, { state, ports: { deadline: looks(0) } });

    const event = { execution: EXECUTION, input: {}, startedAt: STARTED };
    const roundTrip = JSON.parse(JSON.stringify({ ...event, task: 'finish', prepared: state, finished }));
    expect(finishEventSchema.parse(roundTrip)).toEqual(roundTrip);
    expect(prepareEventSchema.parse({ execution: EXECUTION, input: {}, prepared: state }).prepared).toEqual(
      state,
    );
  });
});

describe('a batch that failed', () => {
  const explain = (bucket: Bucket, error: string, cause: string) =>
    batchExplain(
      { model: served, objects: bucket.objects, now: () => NOW },
      {
        task: 'explain',
        execution: EXECUTION,
        startedAt: STARTED,
        input: { prefix: 'incoming/' },
        error: { Error: error, Cause: cause },
      },
    );

  it.each([
    [
      'a transform job',
      'States.TaskFailed',
      JSON.stringify({
        TransformJobName: 'job-1',
        FailureReason: 'AlgorithmError: out of memory',
        ModelName: 'm',
      }),
      'The transform job job-1 failed: AlgorithmError: out of memory',
    ],
    [
      'a function',
      'Error',
      JSON.stringify({ errorType: 'AccessDenied', errorMessage: 'may not', trace: [] }),
      'AccessDenied: may not',
    ],
    ['whoever started it', 'InvalidInput', 'There is no object.', 'There is no object.'],
    ['the state machine', 'States.Timeout', '', ''],
  ])('leaves a summary that names the cause: %s', async (_, error, cause, said) => {
    const bucket = memoryObjects();

    expect(await explain(bucket, error, cause)).toEqual({ error, cause: said });
    expect(JSON.parse(bucket.content.get('results/monday/summary.json') ?? '')).toEqual({
      execution: EXECUTION,
      model: 'harvest',
      version: '1.2.3',
      input: { prefix: 'incoming/' },
      startedAt: STARTED,
      finishedAt: '2026-05-04T03:02:01.000Z',
      status: 'failed',
      error,
      cause: said,
    });
  });
});
