import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What synthesis needs of the project besides its models. */
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

/** The models that are copied, in turns: a serverless endpoint, pure mathematics, and an artifact inside functions. */
const SOURCES = ['barley-yield', 'reference-evapotranspiration', 'tumour-screening'] as const;

/** What of a folder is source: not what training leaves behind. */
export const isSource = (path: string) => !/(\.venv|__pycache__)/.test(path);

/** Copies the project without its models to a folder below it, from where its node_modules are found. */
export function copyProject(root: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true, filter: isSource });
}

/** Gives the copy so many models. */
export function setModels(root: string, copy: string, count: number): void {
  rmSync(join(copy, 'models'), { recursive: true, force: true });
  for (let index = 0; index < count; index += 1) {
    const source = SOURCES[index % SOURCES.length] ?? SOURCES[0];
    const name = `model-${String(index + 1).padStart(3, '0')}`;
    const folder = join(copy, 'models', name);
    cpSync(join(root, 'models', source), folder, { recursive: true, filter: isSource });
    const file = join(folder, 'model.ts');
    const text = readFileSync(file, 'utf8');
    const renamed = text.replace(`name: '${source}'`, `name: '${name}'`);
    if (renamed === text) throw new Error(`models/${source}/model.ts does not say its name as expected`);
    writeFileSync(file, renamed);
  }
}
