import { Batcher, type BrokenBatch, type Job, type Outcome } from '../batching/batcher.ts';
import { isBatchable } from '../batching/plan.ts';
import { checkRequest, type ModelSignature } from '../oip/metadata.ts';
import { type InferenceRequest, parseRequest } from '../oip/request.ts';
import { openSession, type Session } from '../runtime/session.ts';
import type { Config } from '../settings/config.ts';
import { type ModelFolder, readModelFolder } from './model-folder.ts';

/** A model that answers. */
export interface ServedModel {
  readonly name: string;
  readonly version?: string;
  readonly signature: ModelSignature;
  /**
   * Answers a request as part of a batch.
   *
   * @throws InferenceError 400 if the request does not fit the model, and the batcher's errors
   */
  infer(request: InferenceRequest, job: Omit<Job, 'inputs'>): Promise<Outcome>;
  /** When the current run began, in milliseconds since the epoch; undefined while idle. */
  runningSince(): number | undefined;
  /** Settles when the model's thread has ended by itself, with the reason. */
  readonly gone: Promise<string>;
  close(): Promise<void>;
}

export interface LoadProps {
  readonly config: Pick<Config, 'modelDir' | 'intraOpThreads' | 'maxBatchRows'>;
  /** The program that the model's thread is started with. */
  readonly program: string;
  readonly now: () => number;
  readonly onBatchBroken: (reason: BrokenBatch, batchSize: number) => void;
}

/**
 * Loads the model of a folder and, if the folder has a warm-up request, answers it.
 *
 * @throws Error saying why the model can't be served
 */
export async function loadModel({ config, program, now, onBatchBroken }: LoadProps): Promise<ServedModel> {
  const folder = await readModelFolder(config.modelDir);
  const session = await openSession({ program, file: folder.file, intraOpThreads: config.intraOpThreads });
  const batcher = new Batcher({
    run: session.run,
    maxRows: maxRows(session, folder, config.maxBatchRows),
    now,
    onBatchBroken,
  });
  const model: ServedModel = {
    name: folder.name,
    ...(folder.version !== undefined && { version: folder.version }),
    signature: session.signature,
    infer: async (request, job) => {
      checkRequest(session.signature, request);
      const outcome = await batcher.submit({ ...job, inputs: request.inputs });
      return { ...outcome, outputs: select(outcome.outputs, request.outputs) };
    },
    runningSince: () => batcher.runningSince,
    gone: session.gone,
    close: session.close,
  };
  if (folder.warmup !== undefined) await warmUp(model, folder.warmup);
  return model;
}

function maxRows(session: Session, folder: ModelFolder, configured: number): number {
  return isBatchable(session.signature) ? Math.min(configured, folder.maxBatchRows ?? configured) : 1;
}

function select(outputs: Outcome['outputs'], names: readonly string[] | undefined): Outcome['outputs'] {
  return names === undefined ? outputs : outputs.filter(({ name }) => names.includes(name));
}

async function warmUp(model: ServedModel, request: string): Promise<void> {
  try {
    await model.infer(parseRequest(request), { signal: new AbortController().signal });
  } catch (error) {
    await model.close();
    throw new Error(`warmup.json was not answered: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
