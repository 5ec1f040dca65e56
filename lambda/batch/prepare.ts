import { createHash } from 'node:crypto';
import { BATCH_SUFFIX, JOB_DIGEST_LENGTH } from '../../contract/deployment/batch.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import type { Deadline } from '../http/deadline.ts';
import { logger } from '../observability.ts';
import type { Codec } from '../predictors/codec.ts';
import { InvalidInput, type Prepared, type PrepareEvent, parseRequest } from './events.ts';
import { type Line, linesOf } from './lines.ts';
import { type BatchObjects, type ListedObject, ObjectChanged } from './objects.ts';
import { packRows } from './packing.ts';
import { answersFolder, requestKey, requestsFolder, rowsKey } from './places.ts';
import { encodeChunk, LONGEST_LINE_BYTES, type Row, rowOf } from './rows.ts';

/** What preparing a batch needs of the world. */
export interface PreparePorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly objects: BatchObjects;
  /** Lines that travel to the model together. */
  readonly recordsPerRequest: number;
  /** What the names of transform jobs begin with. */
  readonly jobPrefix: string;
  readonly requestId: string;
  readonly deadline: Deadline;
}

/** What the state machine goes on with: the next round, the transform job, or a mistake to tell. */
export type PrepareAnswer =
  | {
      readonly prepared: Prepared;
      readonly finished: null;
      /** The transform job: its name, and the URIs of what it reads and where it writes. */
      readonly job: { readonly name: string; readonly requests: string; readonly answers: string };
    }
  | { readonly error: { readonly Error: string; readonly Cause: string } };

/** Bytes of lines after which a chunk is full, whatever their number. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** What is kept back for the chunk in hand, in milliseconds; a new one is begun only before that. */
const RESERVE_MS = 60_000;

/**
 * The first step of a batch: reads the lines of every object below a prefix, validates them, and writes what the model is
 * to be asked, chunk by chunk. It ends when its time does, and goes on from there when it is called with what it
 * answered: the files may be of any size. Doing a part twice writes the same objects again.
 */
export async function batchPrepare(ports: PreparePorts, event: PrepareEvent): Promise<PrepareAnswer> {
  const { execution } = event;
  try {
    const { prefix } = parseRequest(ports.model, event.input);
    const prepared = await new Preparation(ports, execution, event.prepared ?? NOTHING).run(prefix);
    if (prepared.done && prepared.objects === 0)
      throw new InvalidInput(`There is no object below ${prefix} whose name ends in ${BATCH_SUFFIX}.`);
    logger.info('prepared', { execution, ...counts(prepared) });
    return { prepared, finished: null, job: jobOf(ports, execution) };
  } catch (error) {
    // Mistakes of whoever started it: nothing is gained by trying again, and the function has not failed.
    if (!(error instanceof InvalidInput || error instanceof ObjectChanged)) throw error;
    logger.warn('not prepared', { execution, error: error.name });
    return { error: { Error: error.name, Cause: error.message } };
  }
}

const NOTHING: Prepared = {
  done: false,
  after: '',
  current: null,
  objects: 0,
  ignored: 0,
  lines: 0,
  chunks: 0,
  requests: 0,
};

function counts({ done, objects, lines, chunks, requests }: Prepared): Partial<Prepared> {
  return { done, objects, lines, chunks, requests };
}

/** The name comes from the execution's, so that an execution never has two jobs. */
function jobOf({ objects, jobPrefix }: PreparePorts, execution: string) {
  const digest = createHash('sha256').update(execution).digest('hex').slice(0, JOB_DIGEST_LENGTH);
  return {
    name: `${jobPrefix}${digest}`,
    requests: objects.uri(requestsFolder(execution)),
    answers: objects.uri(answersFolder(execution)),
  };
}

/** One round of a preparation. */
class Preparation {
  readonly #ports: PreparePorts;
  readonly #execution: string;
  #state: Prepared;

  constructor(ports: PreparePorts, execution: string, state: Prepared) {
    this.#ports = ports;
    this.#execution = execution;
    this.#state = state;
  }

  /** Goes on until everything is done or the time is over. */
  async run(prefix: string): Promise<Prepared> {
    const { current } = this.#state;
    if (current !== null && !(await this.#readOn(current))) return this.#state;
    const { after } = this.#state;
    for await (const object of this.#ports.objects.list(prefix, after === '' ? undefined : after)) {
      if (!object.key.endsWith(BATCH_SUFFIX)) {
        this.#state = { ...this.#state, after: object.key, ignored: this.#state.ignored + 1 };
        continue;
      }
      const begin = { ...object, offset: 0, line: 0 };
      this.#state = { ...this.#state, current: begin, objects: this.#state.objects + 1 };
      if (this.#isOver() || !(await this.#readOn(begin))) return this.#state;
    }
    this.#state = { ...this.#state, done: true };
    return this.#state;
  }

  #isOver(): boolean {
    return this.#ports.deadline.remainingMs(RESERVE_MS) === 0;
  }

  /** False where the time was over before the object was. */
  async #readOn(current: NonNullable<Prepared['current']>): Promise<boolean> {
    const { objects, recordsPerRequest } = this.#ports;
    const { offset, line, ...object } = current;
    let rows: Row[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      await this.#write(object, rows);
      rows = [];
      bytes = 0;
    };
    if (offset < object.size) {
      const content = await objects.read(object, offset);
      for await (const one of linesOf(content, LONGEST_LINE_BYTES, { offset, line })) {
        rows.push(this.#row(one));
        bytes += one.size;
        if (rows.length < recordsPerRequest && bytes < CHUNK_BYTES) continue;
        await flush();
        this.#state = { ...this.#state, current: { ...object, offset: one.end, line: one.number } };
        if (this.#isOver()) return false;
      }
    }
    if (rows.length > 0) await flush();
    this.#state = { ...this.#state, current: null, after: object.key };
    return true;
  }

  #row(line: Line): Row {
    return rowOf(this.#ports.model, line, this.#ports.requestId);
  }

  async #write({ key: source }: ListedObject, rows: readonly Row[]): Promise<void> {
    const { objects, requestId } = this.#ports;
    for (const packed of packRows(this.#ports, rows, requestId)) {
      const chunk = this.#state.chunks + 1;
      await objects.put(rowsKey(this.#execution, chunk), encodeChunk({ source, rows: packed.rows }));
      if (packed.body !== undefined) await objects.put(requestKey(this.#execution, chunk), packed.body);
      this.#state = {
        ...this.#state,
        chunks: chunk,
        requests: this.#state.requests + (packed.body === undefined ? 0 : 1),
        lines: this.#state.lines + packed.rows.length,
      };
    }
  }
}
