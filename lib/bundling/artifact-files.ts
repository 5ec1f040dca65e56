import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What Python leaves beside the scripts that it ran. */
const LEFTOVERS = '__pycache__';

/**
 * The files of an artifact that is a folder, as paths in an archive, in an order that no machine changes; undefined where
 * it is one file, or nothing.
 */
export function filesOfFolder(path: string): readonly string[] | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.includes(LEFTOVERS))
    .map((parts) => parts.join('/'))
    .sort();
}
