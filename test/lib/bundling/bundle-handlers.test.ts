import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleHandlers } from '../../../lib/bundling/bundle-handlers.ts';
import { type CommonFunction, FUNCTION_NAMES, FUNCTION_SPECS } from '../../../lib/features/functions.ts';
import type { HandlerCode } from '../../../lib/functions/handler-code.ts';
import { NO_GOLDEN, smallProject, temporaryFolder, writeFiles } from '../support/project.ts';

const functions = FUNCTION_NAMES.map((name) => FUNCTION_SPECS[name]);

const SOURCES = [
  { model: 'oats', predictor: 'endpoint', golden: NO_GOLDEN, functions },
  { model: 'rye', predictor: 'in-process', golden: NO_GOLDEN, functions },
] as const;

const isShared = (name: CommonFunction) => FUNCTION_SPECS[name].handler.kind === 'shared';

async function bundled(root: string) {
  return bundleHandlers({
    root,
    sources: SOURCES,
    assemblyDir: temporaryFolder(),
    workDir: temporaryFolder(),
  });
}

async function run({ folder }: HandlerCode): Promise<string> {
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    readonly handler: () => string;
  };
  return handler();
}

/** All programs of a function, with their paths. */
function textOf({ folder }: HandlerCode): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mjs'))
    .sort()
    .map((path) => `${path}:${readFileSync(join(folder, path), 'utf8')}`)
    .join('\n');
}

/** What lies in a function's folder besides what the framework's modules became. */
function filesOf({ folder }: HandlerCode): string[] {
  return readdirSync(folder)
    .filter((name) => !['chunks', 'contract', 'lambda'].includes(name))
    .sort();
}

describe('the bundled handlers', () => {
  it('are a program for each function of each model, and the model where it is asked for', async () => {
    const code = await bundled(smallProject());

    for (const { model } of SOURCES) {
      for (const name of FUNCTION_NAMES.filter((one) => one !== 'verify'))
        expect(filesOf(code(model, name))).toEqual(
          isShared(name) ? ['index.mjs'] : ['index.mjs', 'model.mjs'],
        );
    }
  });

  it('share each module of the framework with their model', async () => {
    const root = smallProject();
    writeFiles(root, {
      'lambda/handlers/describe.ts': `import { Refusal } from '../../contract/index.ts';
        export const createHandler = (model: { Refusal: unknown }) => () => String(model.Refusal === Refusal);`,
    });
    const code = await bundled(root);

    expect(await run(code('oats', 'describe'))).toBe('true');
  });

  it('stay as they are when there is a further model', async () => {
    const root = smallProject();
    const of = (sources: typeof SOURCES | readonly [(typeof SOURCES)[0]]) =>
      bundleHandlers({ root, sources, assemblyDir: temporaryFolder(), workDir: temporaryFolder() });
    const [alone, both] = await Promise.all([of([SOURCES[0]]), of(SOURCES)]);

    for (const name of FUNCTION_NAMES) {
      expect(alone('oats', name).hash).toBe(both('oats', name).hash);
      expect(textOf(alone('oats', name))).toBe(textOf(both('oats', name)));
    }
  });

  it('have a hash that changes with any of their files, and with nothing else', async () => {
    const root = smallProject();
    const before = await bundled(root);
    writeFiles(root, { 'models/rye/model.ts': "export const model = { name: 'rye', secret: 'changed' };" });
    const after = await bundled(root);
    const changed = (model: string) =>
      FUNCTION_NAMES.filter((name) => before(model, name).hash !== after(model, name).hash);

    expect(changed('oats')).toEqual([]);
    expect(changed('rye')).toEqual(FUNCTION_NAMES.filter((name) => !isShared(name)));
    const hashes = SOURCES.flatMap(({ model }) => FUNCTION_NAMES.map((name) => after(model, name).hash));
    // drain is one for both; what proves deployments is too, as neither model has golden predictions here.
    expect(new Set(hashes).size).toBe(hashes.length - 2);
  });

  it('are refused where a model takes what is not for models', async () => {
    const root = smallProject();
    writeFiles(root, {
      'contract/inner.ts': 'export const inner = 1;',
      'models/rye/model.ts':
        "import { inner } from '../../contract/inner.ts'; export const model = { inner };",
    });

    await expect(bundled(root)).rejects.toThrow(
      /models\/rye\/model\.ts:1:\d+: ERROR: .*contract\/inner\.ts is not for models: they import contract\/index\.ts, imaging\/decode-image\.ts and zod/,
    );
  });

  it('run, each bound to its model, and to a predictor where it asks the model', async () => {
    const code = await bundled(smallProject());

    expect(await run(code('oats', 'predict'))).toBe('predict of oats endpoint of oats');
    expect(await run(code('rye', 'health'))).toBe('health of rye in-process of rye');
    expect(await run(code('rye', 'describe'))).toBe('describe of rye none');
  });

  it('are one for all models where they have no use for the model', async () => {
    const code = await bundled(smallProject());

    expect(code('oats', 'drain').folder).toBe(code('rye', 'drain').folder);
    expect(await run(code('oats', 'drain'))).toBe('drain of no model none');
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
    const code = await bundleHandlers({
      root,
      sources: SOURCES.map((source, index) => ({ ...source, golden: goldenOf(index) })),
      assemblyDir: temporaryFolder(),
      workDir: temporaryFolder(),
    });

    expect(await run(code('oats', 'verify'))).toBe('[{"input":{"area":0},"output":{"harvest":0}}]');
    expect(await run(code('rye', 'verify'))).toBe('[{"input":{"area":1},"output":{"harvest":3}}]');
    expect(textOf(code('oats', 'verify'))).toBe(textOf(code('rye', 'verify')));
    expect(code('oats', 'verify').hash).not.toBe(code('rye', 'verify').hash);
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
    const code = await bundleHandlers({
      root,
      sources,
      assemblyDir: temporaryFolder(),
      workDir: temporaryFolder(),
    });

    expect(await run(code('oats', 'predict'))).toBe('endpoint of oats, endpoints of oats[]');
    expect(await run(code('rye', 'predict'))).toBe('in-process of rye, functions of rye["simple-2=simple"]');
    expect(await run(code('rye', 'health'))).toBe('health of rye in-process of rye');
  });

  it('hold nothing of another model', async () => {
    const code = await bundled(smallProject());

    for (const name of FUNCTION_NAMES) {
      const text = textOf(code('oats', name));
      expect(text.includes('only-oats')).toBe(!isShared(name));
      expect(text).not.toContain('only-rye');
    }
  });

  it('have the same bytes wherever the project lies, so that nothing is deployed that did not change', async () => {
    const roots = [smallProject(), smallProject()] as const;
    const [here, there] = await Promise.all([bundled(roots[0]), bundled(roots[1])]);

    for (const name of FUNCTION_NAMES) {
      const text = textOf(here('oats', name));
      expect(text).toBe(textOf(there('oats', name)));
      expect(here('oats', name).hash).toBe(there('oats', name).hash);
      for (const root of roots) expect(text).not.toContain(root);
    }
  });

  it('have the artifact and its runtime beside them where they hold the model, and load it before they serve', async () => {
    const code = await bundleHandlers({
      root: smallProject(),
      sources: [{ model: 'oats', predictor: 'onnx', artifact: 'oats.onnx', golden: NO_GOLDEN, functions }],
      assemblyDir: temporaryFolder(),
      workDir: temporaryFolder(),
    });

    for (const name of FUNCTION_NAMES) {
      const files = filesOf(code('oats', name));
      if (['predict', 'health'].includes(name)) {
        expect(files).toEqual(['index.mjs', 'model.mjs', 'model.onnx', 'onnxruntime.wasm']);
        // WebAssembly modules begin with a zero and the letters asm.
        expect(await run(code('oats', name))).toBe(`${name} of oats weights of oats on asm`);
      } else expect(files).not.toContain('model.onnx');
    }
  });

  it('are refused with the file and the line of a mistake', async () => {
    const root = smallProject();
    writeFiles(root, { 'lambda/handlers/feedback.ts': 'export const createHandler = ;' });

    await expect(bundled(root)).rejects.toThrow(/lambda\/handlers\/feedback\.ts:1:29: ERROR/);
  });

  it('leave out the languages of zod, and keep its messages in English', async () => {
    const root = smallProject();
    writeFiles(root, {
      'lambda/handlers/describe.ts': `import { z } from 'zod';
        export const createHandler = () => () => z.number().safeParse('a').error?.issues[0]?.message;`,
    });
    const code = await bundled(root);

    const text = textOf(code('oats', 'describe'));
    expect(text).not.toContain('Ungültige Eingabe');
    expect(await run(code('oats', 'describe'))).toBe('Invalid input: expected number, received string');
  });
});
