import { copyFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The golden predictions beside the code of the function that proves deployments; its entry names them. */
export const GOLDEN_FILE = 'golden.json';

/** Files beside the code of a function that holds a model; the functions' entries name them. */
export const MODEL_FILE = 'model.onnx';
export const RUNTIME_FILE = 'onnxruntime.wasm';

/** ONNX Runtime's WebAssembly without graphics or suspended calls, which a function has no use for. */
const RUNTIME = 'onnxruntime-web/ort-wasm-simd-threaded.wasm';

/** Where the runtime lies on this machine. */
export function runtimeFile(): string {
  return createRequire(import.meta.url).resolve(RUNTIME);
}

export interface ModelFilesOptions {
  /** The model's artifact, an ONNX file. */
  readonly artifact: string;
  /** The folder of the function's code. */
  readonly folder: string;
}

/** Puts a model and its runtime beside a function's code. Both are the same bytes whatever machine does it. */
export function placeModelFiles({ artifact, folder }: ModelFilesOptions): void {
  copyFileSync(artifact, join(folder, MODEL_FILE));
  linkOrCopy(runtimeFile(), join(folder, RUNTIME_FILE));
}

/** The CDK stages what a link leads to, so that 14 MB need not be written before that. */
function linkOrCopy(file: string, place: string): void {
  try {
    symlinkSync(file, place);
  } catch (error) {
    // Windows asks for a privilege.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    copyFileSync(file, place);
  }
}
