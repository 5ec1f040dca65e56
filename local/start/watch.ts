import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';

/** What the synthesized app depends on, in the project's folder. */
export const SOURCES = [
  'bin',
  'lib',
  'lambda',
  'contract',
  'imaging',
  'models',
  'serving',
  'cdk.json',
] as const;

/**
 * How often the source is looked at, in milliseconds. The system's own file events get lost on Linux once a file has been
 * replaced, as many editors do when they save; a few hundred files are looked at in a few milliseconds.
 */
const INTERVAL_MS = 400;

/** What a look at the source found; equal for the same source. */
export type SourceState = string;

/**
 * Calls back after the source has changed and has been the same for two looks; the answer ends it.
 * @param since an earlier look, whose differences from now are changes too
 */
export function watchSources(
  projectDir: string,
  since: SourceState,
  clock: Clock,
  onChange: () => void,
): () => void {
  let known = since;
  let pending = false;
  let cancel = clock.after(INTERVAL_MS, look);
  function look(): void {
    const state = lookAtSources(projectDir);
    if (state !== known) pending = true;
    else if (pending) {
      pending = false;
      onChange();
    }
    known = state;
    cancel = clock.after(INTERVAL_MS, look);
  }
  return () => cancel();
}

/**
 * The path, size and time of change of every source file. Installed packages and the trainer's environments below a source
 * folder don't count.
 */
export function lookAtSources(projectDir: string): SourceState {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      lines.push(`${path} ${stat.size} ${stat.mtimeMs} ${stat.ino}`);
      return;
    }
    for (const name of readdirSync(path)) {
      if (name !== 'node_modules' && !name.startsWith('.') && name !== '__pycache__') visit(join(path, name));
    }
  };
  for (const source of SOURCES) visit(join(projectDir, source));
  return lines.join('\n');
}
