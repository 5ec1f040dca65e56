import { cpSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from './assembly.ts';

const PARTS = [
  'bin',
  'lib',
  'lambda',
  'contract',
  'imaging',
  'serving',
  'models',
  'cdk.json',
  'package.json',
  'tsconfig.json',
];

const GENERATED = ['.venv', '__pycache__'];

export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/**
 * A copy of the project to edit, below the project so that its node_modules are found.
 * @param models the models that the copy has; all where absent
 */
export function copyProject(name: string, models?: readonly string[]): ProjectCopy {
  const root = join(ROOT, 'build', 'e2e', name);
  const remove = () => rmSync(root, { recursive: true, force: true });
  const wanted = (source: string) =>
    !GENERATED.includes(basename(source)) &&
    (models === undefined || dirname(source) !== join(ROOT, 'models') || models.includes(basename(source)));
  remove();
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true, filter: wanted });
  return { root, remove };
}
