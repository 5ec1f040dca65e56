import type { ModelSignature } from '../oip/metadata.ts';
import type { Tensor } from '../oip/tensor.ts';

/** What the thread that holds the model is started with. */
export interface WorkerData {
  /** The server's own program, which calls `runWorker` when it is not the main thread. */
  readonly program: string;
  readonly file: string;
  readonly intraOpThreads: number;
}

/** To the thread: run the model once. */
export interface RunMessage {
  readonly inputs: readonly Tensor[];
}

/** From the thread: first `loaded` or `unloadable`, then one answer for each run. */
export type WorkerMessage =
  | { readonly type: 'loaded'; readonly signature: ModelSignature }
  | { readonly type: 'unloadable'; readonly reason: string }
  | { readonly type: 'answered'; readonly outputs: readonly Tensor[] }
  | { readonly type: 'refused'; readonly reason: string };
