import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './assembly.ts';

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

/** A copy of what is synthesized, below the project so that its node_modules are found. */
export function copyProject(name: string): string {
  const copy = join(ROOT, 'build', 'e2e', name);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const filter = (source: string) => !source.includes('.venv') && !source.includes('__pycache__');
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter });
  return copy;
}
