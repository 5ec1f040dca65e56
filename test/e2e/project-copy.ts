import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './assembly.ts';

/** What synthesis needs of the project. */
const PARTS = [
  'bin',
  'lib',
  'lambda',
  'contract',
  'serving',
  'models',
  'cdk.json',
  'package.json',
  'tsconfig.json',
];

/** A copy of the project that a test may change. */
export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/** Copies the project to below itself, so that its node_modules are found. */
export function copyProject(name: string): ProjectCopy {
  const root = join(ROOT, 'build', 'e2e', name);
  const remove = () => rmSync(root, { recursive: true, force: true });
  remove();
  const filter = (source: string) => !source.includes('.venv') && !source.includes('__pycache__');
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true, filter });
  return { root, remove };
}
