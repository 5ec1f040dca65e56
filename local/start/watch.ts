import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { join, sep } from 'node:path';
import type { Clock } from '../core/plugin.ts';

/** What the synthesized app depends on, in the project's folder. */
export const SOURCES = ['bin', 'lib', 'lambda', 'contract', 'models', 'serving', 'cdk.json'] as const;

/** Editors write a file in several steps: a change counts once nothing has happened for this long. */
const QUIET_MS = 200;

/**
 * Calls back after the source has changed and come to rest; the answer ends it.
 * Installed packages and the trainer's environments below a source folder don't count.
 */
export function watchSources(projectDir: string, clock: Clock, onChange: () => void): () => void {
  let cancel: (() => void) | undefined;
  const touched = (name: string | null) => {
    if (name?.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'))) return;
    cancel?.();
    cancel = clock.after(QUIET_MS, onChange);
  };
  const watchers: FSWatcher[] = SOURCES.map((name) => join(projectDir, name))
    .filter((path) => existsSync(path))
    .map((path) => watch(path, { recursive: statSync(path).isDirectory() }, (_event, name) => touched(name)));
  return () => {
    cancel?.();
    for (const watcher of watchers) watcher.close();
  };
}
