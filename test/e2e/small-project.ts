import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './assembly.ts';

/** What a project is synthesized from, besides its models. */
const PARTS = [
  'bin',
  'lib',
  'lambda',
  'contract',
  'imaging',
  'serving',
  'cdk.json',
  'package.json',
  'tsconfig.json',
];

/**
 * A copy of the project whose only models are the given ones, by the paths of their files below `models/`. It lies in the
 * project, so that its node_modules are found.
 * @returns the copy's folder, for the caller to remove
 */
export function smallProject(name: string, models: Readonly<Record<string, string | Buffer>>): string {
  const copy = join(ROOT, 'build', 'e2e', name);
  rmSync(copy, { recursive: true, force: true });
  const filter = (source: string) => !source.includes('.venv') && !source.includes('__pycache__');
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter });
  for (const [path, content] of Object.entries(models)) {
    const file = join(copy, 'models', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return copy;
}
