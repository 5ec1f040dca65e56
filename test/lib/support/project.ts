import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { GoldenPredictions } from '../../../contract/golden/golden-cases.ts';
import { frameworkModules } from '../../../lib/bundling/framework-modules.ts';

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'furrow-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their paths. */
export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Golden predictions of a model that nobody deploys. */
export const NO_GOLDEN: GoldenPredictions = { tolerance: { relative: 0, absolute: 0 }, cases: [] };

/** A project as small as the bundler takes it: two models, handlers that say what they were bound to, and an artifact. */
export function smallProject(): string {
  const root = temporaryFolder();
  const { bound, shared } = frameworkModules();
  const modules = [...bound, ...shared]
    .filter((module) => module.includes('/'))
    .map((module) => [module, moduleText(module)]);
  writeFiles(root, {
    'package.json': '{ "type": "module" }',
    ...Object.fromEntries(modules),
    'lambda/http/handler.ts': 'export {};',
    // A predictor that has to load what lies beside it before there is a handler.
    'lambda/predictors/onnx.ts': `import { readFile } from 'node:fs/promises';
      export const predictorFor = async (model: { name: string }, files: { model: URL; runtime: URL }) => {
        const [weights, runtime] = await Promise.all([readFile(files.model, 'utf8'), readFile(files.runtime)]);
        return weights + ' of ' + model.name + ' on ' + runtime.subarray(1, 4);
      };`,
    'models/oats/model.ts':
      "import { defineModel } from '../../contract/index.ts'; export const model = defineModel('oats', 'only-oats');",
    'models/oats/artifacts/oats.onnx': 'weights',
    'models/rye/model.ts': "export const model = { name: 'rye', secret: 'only-rye' };",
    // CommonJS that asks for a module of Node, as many packages of AWS do.
    'node_modules/old-package/package.json': '{ "name": "old-package", "main": "index.js" }',
    'node_modules/old-package/index.js':
      "const { format } = require('node:util'); exports.greet = (name) => format('%s of', name);",
    'contract/index.ts':
      'export class Refusal extends Error {} export const defineModel = (name: string, secret: string) => ({ name, secret, Refusal });',
  });
  symlinkSync(join(import.meta.dirname, '../../../node_modules/zod'), join(root, 'node_modules/zod'));
  return root;
}

/** A module of the framework, by its folder: it says what it is bound to. */
function moduleText(module: string): string {
  const [, folder = '', file = ''] = module.split('/');
  const name = file.replace('.ts', '');
  if (folder === 'handlers')
    return `import { greet } from 'old-package';
      export const createHandler = (model?: { name: string }, predictor = 'none') => () =>
        [greet('${name}'), model?.name ?? 'no model', predictor].join(' ');`;
  if (folder === 'predictors')
    return `export const predictorFor = (model: { name: string }) => '${name} of ' + model.name;`;
  if (folder === 'variants') return "export const variantPredictors = () => 'variants';";
  return "export const s3Uploads = () => 'uploads';";
}
