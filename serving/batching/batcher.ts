import { InferenceError } from '../oip/error.ts';
import type { Tensor } from '../oip/tensor.ts';
import { commonRows, concatenate, split } from './concat.ts';
import { planBatch } from './plan.ts';

/** One request's work for the model. */
export interface Job {
  readonly inputs: readonly Tensor[];
  /** Milliseconds since the epoch after which nobody waits for the answer. */
  readonly deadline?: number;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** A job's answer, and how it came about. Times are in milliseconds. */
export interface Outcome {
  readonly outputs: readonly Tensor[];
  /** Requests that shared the run. */
  readonly batchSize: number;
  readonly queuedMs: number;
  readonly ranMs: number;
}

/** Runs the model once. Never called again before the last call has settled. */
export type Run = (inputs: readonly Tensor[]) => Promise<readonly Tensor[]>;

export interface BatcherProps {
  readonly run: Run;
  /** Most rows of a run of several requests; 1 switches batching off. */
  readonly maxRows: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told when a batch of several requests could not be answered as one, before they run one by one. */
  readonly onBatchBroken: (reason: BrokenBatch, batchSize: number) => void;
}

/**
 * `failed`: the run failed, likely for one request's sake. `not-batchable`: some output did not have one row per
 * input row; batching is off from then on.
 */
export type BrokenBatch = 'failed' | 'not-batchable';

interface WaitingJob extends Job {
  readonly arrivedAt: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** The model's process is gone: no other run can succeed. */
export class ModelGoneError extends InferenceError {
  constructor(reason: string) {
    super(503, `the model is not available: ${reason}`);
  }
}

/**
 * Runs one batch at a time: whatever is waiting when a run ends becomes the next run. Work that nobody waits
 * for any more is dropped before it runs, and when a batch fails its jobs run one by one, so that a request
 * can't fail the others.
 */
export class Batcher {
  readonly #props: BatcherProps;
  #maxRows: number;
  #waiting: WaitingJob[] = [];
  #pumping = false;
  #runningSince: number | undefined;

  constructor(props: BatcherProps) {
    this.#props = props;
    this.#maxRows = props.maxRows;
  }

  /** When the current run began, in milliseconds since the epoch; undefined while the model is idle. */
  get runningSince(): number | undefined {
    return this.#runningSince;
  }

  /**
   * Queues a job.
   *
   * @throws InferenceError 504 if its deadline passed before it ran, 499 if its client left, or the run's own
   */
  submit(job: Job): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...job, arrivedAt: this.#props.now(), resolve, reject });
      if (!this.#pumping) void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#waiting.length > 0) {
      this.#waiting = this.#waiting.filter((job) => !this.#shed(job));
      const chosen = new Set(
        planBatch(
          this.#waiting.map(({ inputs }) => inputs),
          this.#maxRows,
        ),
      );
      const batch = this.#waiting.filter((_, index) => chosen.has(index));
      this.#waiting = this.#waiting.filter((_, index) => !chosen.has(index));
      await this.#runBatch(batch);
    }
    this.#pumping = false;
  }

  #shed(job: WaitingJob): boolean {
    if (job.signal.aborted) {
      job.reject(new InferenceError(499, 'the client closed the connection before the model ran'));
      return true;
    }
    if (job.deadline !== undefined && job.deadline <= this.#props.now()) {
      job.reject(new InferenceError(504, 'the deadline passed before the model ran'));
      return true;
    }
    return false;
  }

  async #runBatch(batch: readonly WaitingJob[]): Promise<void> {
    const joined = batch.length > 1 ? await this.#tryJoined(batch) : false;
    if (joined) return;
    for (const job of batch) {
      if (this.#shed(job)) continue;
      try {
        answer(job, await this.#timed(job.inputs), 1);
      } catch (error) {
        job.reject(error);
      }
    }
  }

  /** @returns false if the jobs have to run one by one */
  async #tryJoined(batch: readonly WaitingJob[]): Promise<boolean> {
    try {
      const run = await this.#timed(concatenate(batch.map(({ inputs }) => inputs)));
      const parts = split(
        run.outputs,
        batch.map(({ inputs }) => commonRows(inputs) ?? 0),
      );
      if (!parts) {
        this.#maxRows = 1;
        this.#props.onBatchBroken('not-batchable', batch.length);
        return false;
      }
      for (const [index, job] of batch.entries()) {
        answer(job, { ...run, outputs: parts[index] ?? [] }, batch.length);
      }
      return true;
    } catch (error) {
      if (error instanceof ModelGoneError) {
        for (const job of batch) job.reject(error);
        return true;
      }
      this.#props.onBatchBroken('failed', batch.length);
      return false;
    }
  }

  async #timed(inputs: readonly Tensor[]): Promise<TimedRun> {
    const startedAt = this.#props.now();
    this.#runningSince = startedAt;
    try {
      const outputs = await this.#props.run(inputs);
      return { outputs, startedAt, ranMs: this.#props.now() - startedAt };
    } finally {
      this.#runningSince = undefined;
    }
  }
}

interface TimedRun {
  readonly outputs: readonly Tensor[];
  readonly startedAt: number;
  readonly ranMs: number;
}

function answer(job: WaitingJob, { outputs, startedAt, ranMs }: TimedRun, batchSize: number): void {
  job.resolve({ outputs, batchSize, queuedMs: startedAt - job.arrivedAt, ranMs });
}
