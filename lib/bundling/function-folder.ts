import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { HandlerCode } from '../functions/handler-code.ts';

/** A file of functions' code. */
export interface BundledFile {
  /** Where it lies in a function's folder. */
  readonly path: string;
  readonly file: string;
  readonly sha256: string;
  /** What a program imports: files, relative to it, and Node's own modules. @default - it is no program */
  readonly imports?: readonly string[];
}

/** The program of a function, which has the handler. */
export const INDEX_FILE = 'index.mjs';

export interface FunctionFolderOptions {
  /** The cloud assembly's folder. */
  readonly assemblyDir: string;
  /** Where the folder is put together; on one file system with the assembly. */
  readonly workDir: string;
  /** The text of {@link INDEX_FILE}. */
  readonly index: string;
  readonly files: readonly BundledFile[];
}

/**
 * Lays out a function's folder as an asset of the cloud assembly, unless it is there already, and whole. Its files are links to those
 * that were bundled, so that what many functions share is written once.
 */
export function layOut({ assemblyDir, workDir, index, files }: FunctionFolderOptions): HandlerCode {
  const hash = hashOf(index, files);
  const folder = join(assemblyDir, assetName(hash));
  if (!isWhole(folder, index, files)) {
    // What an earlier synthesis, or whoever cleaned up after it, left of it.
    rmSync(folder, { recursive: true, force: true });
    moveTo(folder, fill(mkdtempSync(join(workDir, 'function-')), index, files));
  }
  return { folder, hash };
}

/** The SHA-256 of a file, in hexadecimal digits. */
export function sha256Of(file: string): string {
  return sha256(readFileSync(file));
}

/** In hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function hashOf(index: string, files: readonly BundledFile[]): string {
  return sha256([index, ...files.map((one) => `${one.path} ${one.sha256}`)].join('\n'));
}

/**
 * As the CDK names the folder of an asset that has a hash of its own and an extension: it finds it staged, where it would
 * copy another one.
 */
function assetName(hash: string): string {
  return `asset.${sha256(hash)}.lambda`;
}

/** By the sizes of its files: their contents are what the folder is named by, and nobody writes to them. */
function isWhole(folder: string, index: string, files: readonly BundledFile[]): boolean {
  const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size;
  if (sizeOf(join(folder, INDEX_FILE)) !== Buffer.byteLength(index)) return false;
  return files.every(({ path, file }) => sizeOf(join(folder, path)) === statSync(file).size);
}

function fill(folder: string, index: string, files: readonly BundledFile[]): string {
  writeFileSync(join(folder, INDEX_FILE), index);
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const one of folders) mkdirSync(join(folder, one), { recursive: true });
  for (const { path, file } of files) linkSync(file, join(folder, path));
  return folder;
}

/** Moved when it is whole: a synthesis that is ended before that leaves no asset that only looks complete. */
function moveTo(target: string, folder: string): void {
  try {
    renameSync(folder, target);
  } catch (error) {
    // Another synthesis into the same assembly was first, with the same files.
    if (!existsSync(target)) throw error;
  }
}
