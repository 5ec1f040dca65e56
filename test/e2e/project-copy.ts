import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyProject as copyParts, isSource } from '../../bench/synth/project.ts';
import { ROOT } from './assembly.ts';

export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/**
 * A copy of the project to edit, below the project so that its node_modules are found.
 * @param models the models that the copy has
 */
export function copyProject(name: string, models: readonly string[]): ProjectCopy {
  const root = join(ROOT, 'build', 'e2e', name);
  const remove = () => rmSync(root, { recursive: true, force: true });
  copyParts(ROOT, root);
  for (const model of models)
    cpSync(join(ROOT, 'models', model), join(root, 'models', model), { recursive: true, filter: isSource });
  return { root, remove };
}
