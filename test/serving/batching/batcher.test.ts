import { describe, expect, it } from 'vitest';
import { Batcher, type BatcherProps, type Job, ModelGoneError } from '../../../serving/batching/batcher.ts';
import type { Tensor } from '../../../serving/oip/tensor.ts';

const tensor = (values: readonly number[]): Tensor => ({
  name: 'x',
  datatype: 'FP64',
  shape: [values.length],
  data: Float64Array.from(values),
});
const job = (values: readonly number[], rest: Partial<Job> = {}): Job => ({
  inputs: [tensor(values)],
  signal: new AbortController().signal,
  ...rest,
});

/** A model that doubles, whose runs end when the test says so. A negative value is poison. */
class StubModel {
  readonly runs: number[][] = [];
  time = 1_000;
  #finish: (() => void) | undefined;

  readonly run: BatcherProps['run'] = async ([input]) => {
    const values = Array.from(input?.data ?? [], Number);
    this.runs.push(values);
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    if (values.some((value) => value < 0)) throw new Error('poison');
    return [{ ...tensor(values.map((value) => value * 2)), name: 'y' }];
  };

  /** Ends the current run after `ms`, and lets what follows from it happen. */
  async finishRun(ms = 0): Promise<void> {
    this.time += ms;
    this.#finish?.();
    await new Promise(setImmediate);
  }
}

function setUp(props: Partial<BatcherProps> = {}) {
  const model = new StubModel();
  const broken: string[] = [];
  const batcher = new Batcher({
    run: model.run,
    maxRows: 8,
    now: () => model.time,
    onBatchBroken: (reason, size) => broken.push(`${reason} ${size}`),
    ...props,
  });
  return { model, broken, batcher };
}

const values = (outputs: readonly Tensor[]) => Array.from(outputs[0]?.data ?? [], Number);

describe('requests that wait while the model runs', () => {
  it('become one run, and each gets its own rows', async () => {
    const { model, batcher } = setUp();
    const first = batcher.submit(job([1]));
    const second = batcher.submit(job([2, 3]));
    const third = batcher.submit(job([4]));
    await model.finishRun(5);
    await model.finishRun(7);

    expect(model.runs).toEqual([[1], [2, 3, 4]]);
    expect(await first).toMatchObject({ batchSize: 1, queuedMs: 0, ranMs: 5 });
    expect(await second).toMatchObject({ batchSize: 2, queuedMs: 5, ranMs: 7 });
    expect(values((await second).outputs)).toEqual([4, 6]);
    expect(values((await third).outputs)).toEqual([8]);
  });

  it('become several runs if they have more rows than one may have', async () => {
    const { model, batcher } = setUp({ maxRows: 2 });
    const all = [1, 2, 3, 4].map((value) => batcher.submit(job([value])));
    for (let run = 0; run < 3; run++) await model.finishRun();
    await Promise.all(all);
    expect(model.runs).toEqual([[1], [2, 3], [4]]);
  });

  it('run again singly when their batch fails, so that only the poisoned one fails', async () => {
    const { model, broken, batcher } = setUp();
    const all = [1, 2, -3, 4].map((value) => batcher.submit(job([value])));
    const settled = Promise.allSettled(all);
    for (let run = 0; run < 5; run++) await model.finishRun();

    expect(model.runs).toEqual([[1], [2, -3, 4], [2], [-3], [4]]);
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(broken).toEqual(['failed 3']);
  });

  it('are dropped unrun when their client has gone or their deadline has passed', async () => {
    const { model, batcher } = setUp();
    const client = new AbortController();
    const running = batcher.submit(job([1]));
    const gone = batcher.submit(job([2], { signal: client.signal }));
    const late = batcher.submit(job([3], { deadline: model.time + 10 }));
    const patient = batcher.submit(job([4], { deadline: model.time + 11 }));
    const settled = Promise.allSettled([gone, late]);
    client.abort();
    await model.finishRun(10);
    await model.finishRun();

    await running;
    expect(values((await patient).outputs)).toEqual([8]);
    expect(model.runs).toEqual([[1], [4]]);
    expect(await settled).toMatchObject([{ reason: { status: 499 } }, { reason: { status: 504 } }]);
  });

  it('are answered singly from then on by a model whose output rows are not its input rows', async () => {
    const sums: number[][] = [];
    const { broken, batcher } = setUp({
      run: async ([input]) => {
        const terms = Array.from(input?.data ?? [], Number);
        sums.push(terms);
        return [tensor([terms.reduce((sum, term) => sum + term, 0)])];
      },
    });

    const outcomes = await Promise.all([[1], [2], [3]].map((terms) => batcher.submit(job(terms))));
    const later = await Promise.all([[4], [5], [6]].map((terms) => batcher.submit(job(terms))));

    expect([...outcomes, ...later].map(({ outputs }) => values(outputs))).toEqual([
      [1],
      [2],
      [3],
      [4],
      [5],
      [6],
    ]);
    expect(broken).toEqual(['not-batchable 2']);
    expect(sums).toEqual([[1], [2, 3], [2], [3], [4], [5], [6]]);
  });

  it('all fail at once when the model is gone', async () => {
    let runs = 0;
    const { broken, batcher } = setUp({
      run: async () => {
        runs += 1;
        throw new ModelGoneError('killed');
      },
    });
    const settled = await Promise.allSettled([1, 2, 3].map((value) => batcher.submit(job([value]))));
    expect(settled.map((result) => result.status === 'rejected' && result.reason.status)).toEqual([
      503, 503, 503,
    ]);
    expect(runs).toBe(2);
    expect(broken).toEqual([]);
  });
});

describe('the current run', () => {
  it('is known by its start while it lasts', async () => {
    const { model, batcher } = setUp();
    expect(batcher.runningSince).toBeUndefined();
    const answer = batcher.submit(job([1]));
    expect(batcher.runningSince).toBe(1_000);
    await model.finishRun(5);
    await answer;
    expect(batcher.runningSince).toBeUndefined();
  });
});
