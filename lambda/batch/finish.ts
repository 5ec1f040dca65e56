import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import type { Deadline } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';
import type { Codec } from '../predictors/codec.ts';
import type { FinishEvent, Finished } from './events.ts';
import { parseRequest } from './events.ts';
import type { BatchObjects } from './objects.ts';
import { answerName, answersFolder, resultsKey, rowsKey } from './places.ts';
import { type Result, resultsOf } from './results.ts';
import { decodeChunk, isGood } from './rows.ts';
import { type Summary, writeSummary } from './summary.ts';

/** What finishing a batch needs of the world. */
export interface FinishPorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly objects: BatchObjects;
  readonly requestId: string;
  readonly deadline: Deadline;
  readonly now: () => number;
}

export interface FinishAnswer {
  readonly prepared: FinishEvent['prepared'];
  readonly finished: Finished;
  /** Null while there is more to do. */
  readonly summary: Summary | null;
}

/** Bytes of results after which a part is full. */
const PART_BYTES = 8 * 1024 * 1024;

/** What is kept back for the chunk in hand, in milliseconds. */
const RESERVE_MS = 60_000;

const NOTHING: Finished = {
  done: false,
  chunk: 0,
  source: '',
  part: 0,
  answers: null,
  predictions: 0,
  flagged: 0,
  problems: {},
};

/**
 * The last step of a batch: joins what the model answered with the lines, postprocesses, and writes results in the lines'
 * order, then the summary. It ends when its time does, and goes on from there; what is done twice is written over.
 */
export async function batchFinish(
  ports: FinishPorts,
  event: FinishEvent,
  partBytes: number = PART_BYTES,
): Promise<FinishAnswer> {
  const { execution, prepared } = event;
  const before = event.finished ?? NOTHING;
  const finished = await new Finishing(ports, event, before, partBytes).run();
  report(before, finished);
  logger.info('finished', { execution, done: finished.done, chunk: finished.chunk });
  const summary = finished.done ? await writeSummary(ports, event, finished) : null;
  return { prepared, finished, summary };
}

/** Results that are not written yet. */
interface Pending {
  readonly lines: string[];
  bytes: number;
  predictions: number;
  flagged: number;
  readonly problems: Record<string, number>;
}

const nothingPending = (): Pending => ({ lines: [], bytes: 0, predictions: 0, flagged: 0, problems: {} });

/** One round of finishing. The state tells of what is written, and of nothing else. */
class Finishing {
  readonly #ports: FinishPorts;
  readonly #event: FinishEvent;
  readonly #partBytes: number;
  #state: Finished;
  #pending = nothingPending();

  constructor(ports: FinishPorts, event: FinishEvent, state: Finished, partBytes: number) {
    this.#ports = ports;
    this.#event = event;
    this.#partBytes = partBytes;
    this.#state = state;
  }

  async run(): Promise<Finished> {
    const { objects, model, codec, deadline, requestId } = this.#ports;
    const { execution, prepared, input } = this.#event;
    const { units } = parseRequest(model, input);
    for (let chunk = this.#state.chunk + 1; chunk <= prepared.chunks; chunk += 1) {
      const { source, rows } = decodeChunk(await objects.get(rowsKey(execution, chunk)));
      if (source !== this.#state.source) {
        await this.#flush(chunk - 1);
        this.#state = { ...this.#state, source, part: 0 };
      }
      const answer = rows.some(isGood) ? await this.#answer(chunk) : undefined;
      for (const result of resultsOf(rows, answer, { model, codec, units, requestId })) this.#add(result);
      const isOver = deadline.remainingMs(RESERVE_MS) === 0;
      if (isOver || this.#pending.bytes >= this.#partBytes) await this.#flush(chunk);
      if (isOver && chunk < prepared.chunks) return this.#state;
    }
    await this.#flush(prepared.chunks);
    return { ...this.#state, done: true };
  }

  /** SageMaker's documentation shows two layouts below the output path: the first answer tells which one it is. */
  async #answer(chunk: number): Promise<string> {
    const { objects } = this.#ports;
    const folder = this.#state.answers ?? (await this.#answersFolder());
    this.#state = { ...this.#state, answers: folder };
    return objects.get(`${folder}${answerName(chunk)}`);
  }

  async #answersFolder(): Promise<string> {
    const folder = answersFolder(this.#event.execution);
    for await (const { key } of this.#ports.objects.list(folder))
      return key.slice(0, key.lastIndexOf('/') + 1);
    throw new Error(`the transform job left nothing below ${folder}`);
  }

  #add(result: Result): void {
    const pending = this.#pending;
    const text = `${JSON.stringify(result)}\n`;
    pending.lines.push(text);
    pending.bytes += Buffer.byteLength(text);
    if ('problem' in result) {
      const { code } = result.problem;
      pending.problems[code] = (pending.problems[code] ?? 0) + 1;
      return;
    }
    pending.predictions += 1;
    if (result.warnings.length > 0) pending.flagged += 1;
  }

  /** Writes what is pending: the results of chunks up to this one. */
  async #flush(chunk: number): Promise<void> {
    const { lines, predictions, flagged, problems } = this.#pending;
    const { source, part } = this.#state;
    if (lines.length > 0)
      await this.#ports.objects.put(resultsKey(this.#event.execution, source, part + 1), lines.join(''));
    this.#state = {
      ...this.#state,
      chunk,
      part: lines.length > 0 ? part + 1 : part,
      predictions: this.#state.predictions + predictions,
      flagged: this.#state.flagged + flagged,
      problems: added(this.#state.problems, problems),
    };
    this.#pending = nothingPending();
  }
}

function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const codes = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(codes.map((code) => [code, (one[code] ?? 0) + (other[code] ?? 0)]));
}

/** Counts what this round has written. */
function report(before: Finished, after: Finished): void {
  const predictions = after.predictions - before.predictions;
  const problems = total(after.problems) - total(before.problems);
  const flagged = after.flagged - before.flagged;
  if (predictions > 0) metrics.addMetric(METRICS.batchPredictions, MetricUnit.Count, predictions);
  if (problems > 0) metrics.addMetric(METRICS.batchProblems, MetricUnit.Count, problems);
  if (flagged > 0) metrics.addMetric(METRICS.outsideExpectedRange, MetricUnit.Count, flagged);
}

function total(problems: Readonly<Record<string, number>>): number {
  return Object.values(problems).reduce((sum, count) => sum + count, 0);
}
