import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { BundledFile } from './function-folder.ts';

/** A program of a function's folder, and what it takes from elsewhere. */
export interface ImportingFile {
  /** Where it lies in the folder. */
  readonly path: string;
  /** As the program names them: files relative to it, and Node's own modules. */
  readonly imports: readonly string[];
}

/**
 * Checks that a function's folder holds whatever its programs import, but for Node's own modules: Lambda has nothing else, and
 * the function would end at its first start.
 * @param name of the function, for the message
 * @throws {Error} which names every import that nothing satisfies
 */
export function assertComplete(name: string, index: ImportingFile, files: readonly BundledFile[]): void {
  const there = new Set([index.path, ...files.map(({ path }) => path)]);
  const lacking = [index, ...files].flatMap(({ path, imports = [] }) =>
    imports
      .filter((specifier) => !isBuiltin(specifier) && !there.has(targetOf(path, specifier)))
      .map((specifier) => `${path} imports ${specifier}`),
  );
  if (lacking.length > 0)
    throw new Error(`the code of ${name} is not complete: ${lacking.join('; ')}, which its folder lacks`);
}

/** A package has no place in a folder: its name is no path there. */
function targetOf(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}
