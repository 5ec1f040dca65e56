import { Worker } from 'node:worker_threads';
import { ModelGoneError } from '../batching/batcher.ts';
import { InferenceError } from '../oip/error.ts';
import type { ModelSignature } from '../oip/metadata.ts';
import type { Tensor } from '../oip/tensor.ts';
import type { RunMessage, WorkerData, WorkerMessage } from './protocol.ts';

/** A loaded model. */
export interface Session {
  readonly signature: ModelSignature;
  /**
   * Runs the model; one run at a time.
   *
   * @throws InferenceError 500 if the model refuses the inputs, ModelGoneError if its thread has ended
   */
  run(inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
  /** Settles when the model's thread has ended without being closed, with the reason. */
  readonly gone: Promise<string>;
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (outputs: readonly Tensor[]) => void;
  readonly reject: (error: InferenceError) => void;
}

/**
 * Loads a model in a thread of its own.
 *
 * @throws Error with ONNX Runtime's reason if the model can't be loaded
 */
export async function openSession(workerData: WorkerData): Promise<Session> {
  // What the process was started with (`--import` and the like) is for its main thread.
  const worker = new Worker(workerData.program, { workerData, execArgv: [] });
  const signature = await loaded(worker);
  let pending: Pending | undefined;
  let endedBy: string | undefined;

  const take = (): Pending | undefined => {
    const taken = pending;
    pending = undefined;
    return taken;
  };
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'answered') take()?.resolve(message.outputs);
    if (message.type === 'refused')
      take()?.reject(new InferenceError(500, `the model failed: ${message.reason}`));
  });
  const gone = new Promise<string>((resolve) => {
    const end = (reason: string): void => {
      endedBy ??= reason;
      take()?.reject(new ModelGoneError(endedBy));
      resolve(endedBy);
    };
    worker.once('error', (error) => end(error.message));
    worker.once('exit', (code) => end(`its thread ended with code ${code}`));
  });

  return {
    signature,
    gone,
    run: (inputs) =>
      new Promise((resolve, reject) => {
        if (endedBy !== undefined) {
          reject(new ModelGoneError(endedBy));
          return;
        }
        pending = { resolve, reject };
        worker.postMessage({ inputs } satisfies RunMessage);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

function loaded(worker: Worker): Promise<ModelSignature> {
  return new Promise((resolve, reject) => {
    const exited = (code: number): void => reject(new Error(`its thread ended with code ${code}`));
    worker.once('error', reject);
    worker.once('exit', exited);
    worker.once('message', (message: WorkerMessage) => {
      worker.off('error', reject);
      worker.off('exit', exited);
      if (message.type === 'loaded') resolve(message.signature);
      else reject(new Error(message.type === 'unloadable' ? message.reason : `unexpected ${message.type}`));
    });
  });
}
