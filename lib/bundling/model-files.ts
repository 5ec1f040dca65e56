import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BundledFile, sha256Of } from './function-folder.ts';

/** The model's own source beside the code of every function that knows it. */
export const MODEL_MODULE = 'model.mjs';

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

/**
 * Copies a file to where functions' folders are put together: these hold links to the copy, never to what its owner may
 * write to.
 */
export function copied(path: string, from: string, folder: string): BundledFile {
  const file = join(folder, path);
  mkdirSync(folder, { recursive: true });
  copyFileSync(from, file);
  return { path, file, sha256: sha256Of(file) };
}

/** Writes a file to where functions' folders are put together. */
export function written(path: string, text: string, folder: string): BundledFile {
  const file = join(folder, path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return { path, file, sha256: sha256Of(file) };
}
