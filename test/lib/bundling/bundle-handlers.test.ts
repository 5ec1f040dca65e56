import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleHandlers } from '../../../lib/bundling/bundle-handlers.ts';
import { SHARED_ENTRIES } from '../../../lib/bundling/handler-entries.ts';
import { FUNCTION_NAMES } from '../../../lib/functions/function-specs.ts';
import { smallProject, temporaryFolder, writeFiles } from '../support/project.ts';

const SOURCES = [
  { model: 'oats', predictor: 'endpoint' },
  { model: 'rye', predictor: 'in-process' },
] as const;

async function bundled(root: string) {
  return bundleHandlers({ root, sources: SOURCES, outDir: temporaryFolder() });
}

async function run(folder: string): Promise<string> {
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    readonly handler: () => string;
  };
  return handler();
}

describe('the bundled handlers', () => {
  it('are one file for each function of each model', async () => {
    const folder = await bundled(smallProject());

    for (const { model } of SOURCES) {
      for (const name of FUNCTION_NAMES.filter((one) => one !== 'verify'))
        expect(readdirSync(folder(model, name))).toEqual(['index.mjs']);
    }
  });

  it('run, each bound to its model, and to a predictor where it asks the model', async () => {
    const folder = await bundled(smallProject());

    expect(await run(folder('oats', 'predict'))).toBe('predict of oats endpoint of oats');
    expect(await run(folder('rye', 'health'))).toBe('health of rye in-process of rye');
    expect(await run(folder('rye', 'describe'))).toBe('describe of rye none');
  });

  it('are one for all models where they have no use for the model', async () => {
    const folder = await bundled(smallProject());

    expect(folder('oats', 'drain')).toBe(folder('rye', 'drain'));
    expect(await run(folder('oats', 'drain'))).toBe('drain of no model none');
  });

  it('hold what a deployment is held to beside the one that proves it, and in its code nothing of any model', async () => {
    const root = smallProject();
    writeFiles(root, {
      'lambda/handlers/verify.ts':
        'export const createHandler = (golden: { cases: object[] }) => () => JSON.stringify(golden.cases);',
    });
    const goldenOf = (area: number) => ({
      tolerance: { relative: 0, absolute: 0 },
      cases: [{ input: { area }, output: { harvest: 3 * area } }],
    });
    const folder = await bundleHandlers({
      root,
      sources: SOURCES.map((source, index) => ({ ...source, golden: goldenOf(index) })),
      outDir: temporaryFolder(),
    });
    const code = (model: string) => readFileSync(join(folder(model, 'verify'), 'index.mjs'), 'utf8');

    expect(await run(folder('oats', 'verify'))).toBe('[{"input":{"area":0},"output":{"harvest":0}}]');
    expect(await run(folder('rye', 'verify'))).toBe('[{"input":{"area":1},"output":{"harvest":3}}]');
    expect(code('oats')).toBe(code('rye'));
  });

  it('bind predict, and it alone, to the variants of its model', async () => {
    const root = smallProject();
    const predictors = (what: string) =>
      `export const variantPredictors = (model: { name: string }, alternatives: Record<string, () => string>) =>
         '${what} of ' + model.name + JSON.stringify(Object.entries(alternatives).map(([name, run]) => name + '=' + run()));`;
    writeFiles(root, {
      'models/rye/model.ts':
        "export const model = { name: 'rye' }; export const simplified = () => 'simple';",
      'lambda/handlers/predict.ts':
        'export const createHandler = (model: object, predictor: string, { further }: { further: string }) => () => predictor + further;',
      'lambda/variants/in-process-variants.ts': predictors(', functions'),
      'lambda/variants/endpoint-variants.ts': predictors(', endpoints'),
    });
    const sources = [
      { ...SOURCES[0], variants: [{ name: 'ridge-2', version: '1.1.0', artifact: 'ridge.onnx' }] },
      { ...SOURCES[1], variants: [{ name: 'simple-2', version: '1.1.0', predict: 'simplified' }] },
    ];
    const folder = await bundleHandlers({ root, sources, outDir: temporaryFolder() });

    expect(await run(folder('oats', 'predict'))).toBe('endpoint of oats, endpoints of oats[]');
    expect(await run(folder('rye', 'predict'))).toBe(
      'in-process of rye, functions of rye["simple-2=simple"]',
    );
    expect(await run(folder('rye', 'health'))).toBe('health of rye in-process of rye');
  });

  it('hold nothing of another model', async () => {
    const folder = await bundled(smallProject());

    for (const name of FUNCTION_NAMES) {
      const text = readFileSync(join(folder('oats', name), 'index.mjs'), 'utf8');
      expect(text.includes('only-oats')).toBe(!(name in SHARED_ENTRIES));
      expect(text).not.toContain('only-rye');
    }
  });

  it('have the same bytes wherever the project lies, so that nothing is deployed that did not change', async () => {
    const roots = [smallProject(), smallProject()];
    const [here, there] = await Promise.all(roots.map(bundled));

    for (const name of FUNCTION_NAMES) {
      const [one, other] = [here, there].map((folder) =>
        readFileSync(join(folder?.('oats', name) ?? '', 'index.mjs'), 'utf8'),
      );
      expect(one).toBe(other);
      for (const root of roots) expect(one).not.toContain(root);
    }
  });

  it('have the artifact and its runtime beside them where they hold the model, and load it before they serve', async () => {
    const folder = await bundleHandlers({
      root: smallProject(),
      sources: [{ model: 'oats', predictor: 'onnx', artifact: 'oats.onnx' }],
      outDir: temporaryFolder(),
    });

    for (const name of FUNCTION_NAMES) {
      const files = readdirSync(folder('oats', name)).sort();
      if (['predict', 'health'].includes(name)) {
        expect(files).toEqual(['index.mjs', 'model.onnx', 'onnxruntime.wasm']);
        // WebAssembly modules begin with a zero and the letters asm.
        expect(await run(folder('oats', name))).toBe(`${name} of oats weights of oats on asm`);
      } else expect(files.filter((file) => file !== 'golden.json')).toEqual(['index.mjs']);
    }
  });

  it('are refused with the file and the line of a mistake', async () => {
    const root = smallProject();
    writeFiles(root, { 'lambda/handlers/feedback.ts': 'export const createHandler = ;' });

    await expect(bundled(root)).rejects.toThrow(/lambda\/handlers\/feedback\.ts:1:29: ERROR/);
  });

  it('leave out the languages of zod, and keep its messages in English', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'package.json': '{ "type": "module" }',
      'models/oats/model.ts': 'export const model = {};',
      ...Object.fromEntries(
        FUNCTION_NAMES.map((name) => [
          `lambda/handlers/${name}.ts`,
          `import { z } from ${JSON.stringify(join(import.meta.dirname, '../../../node_modules/zod/index.js'))};
           export const createHandler = () => () => z.number().safeParse('a').error?.issues[0]?.message;`,
        ]),
      ),
      'lambda/predictors/in-process.ts': 'export const predictorFor = () => undefined;',
    });
    const outDir = temporaryFolder();

    const folder = await bundleHandlers({
      root,
      sources: [{ model: 'oats', predictor: 'in-process' }],
      outDir,
    });

    const text = readFileSync(join(folder('oats', 'describe'), 'index.mjs'), 'utf8');
    expect(text).not.toContain('Ungültige Eingabe');
    expect(await run(folder('oats', 'describe'))).toBe('Invalid input: expected number, received string');
  });
});
