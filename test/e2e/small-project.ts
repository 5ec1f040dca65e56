import { join } from 'node:path';
import { copyProject } from '../../bench/synth/project.ts';
import { writeFiles } from '../lib/support/project.ts';
import { ROOT } from './assembly.ts';

/**
 * A copy of the project whose only models are the given ones, by the paths of their files below `models/`. It lies in the
 * project, so that its node_modules are found.
 * @returns the copy's folder, for the caller to remove
 */
export function smallProject(name: string, models: Readonly<Record<string, string | Buffer>>): string {
  const copy = join(ROOT, 'build', 'e2e', name);
  copyProject(ROOT, copy);
  writeFiles(join(copy, 'models'), models);
  return copy;
}
