import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { GoldenPredictions } from '../../contract/golden-cases.ts';
import type { FunctionName } from '../functions/function-specs.ts';
import { ASKING, functionsOf, type HandlerSource, handlerEntry, VERIFY_ENTRY } from './handler-entries.ts';
import { leanZod } from './lean-zod.ts';
import { copyModelFiles, GOLDEN_FILE } from './model-files.ts';

export interface BundleHandlersOptions {
  /** The folder that holds `models/` and `lambda/`. */
  readonly root: string;
  readonly sources: readonly HandlerSource[];
  /** Gets a folder `<model>/<function>` for each function. */
  readonly outDir: string;
}

/** The folder of one function's code, to be deployed whole. */
export type HandlerFolder = (model: string, name: FunctionName) => string;

const ENTRY = /^handler:/;

/** Where the program lies that every model gets a copy of: no model can have this name. */
const SHARED_VERIFY = '_verify';

const NO_CASES: GoldenPredictions = { tolerance: { relative: 0, absolute: 0 }, cases: [] };

/** Dependencies that are CommonJS inside call `require`, which an ES module has to make for itself. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles every function of every model in one run of esbuild: one run for all is many times faster than one for each.
 * Functions that hold a model's artifact get it, and its runtime, beside their code.
 * The same source gives the same bytes wherever the project lies, so that a function is deployed only when it changed.
 * @throws esbuild's own error, which names the file and the line.
 */
export async function bundleHandlers(options: BundleHandlersOptions): Promise<HandlerFolder> {
  const { root, sources, outDir } = options;
  const folder: HandlerFolder = (model, name) => join(outDir, model, name);
  const entries = new Map<string, string>(
    sources.flatMap((source) =>
      functionsOf(source)
        .filter((name) => name !== 'verify')
        .map((name) => [`${source.model}/${name}`, handlerEntry(source, name)] as const),
    ),
  );
  entries.set(SHARED_VERIFY, VERIFY_ENTRY);
  await build({
    absWorkingDir: root,
    entryPoints: [...entries.keys()].map((key) => ({ in: `handler:${key}`, out: `${key}/index` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Packages that also have an ES module form are smaller in it, because unused parts are left out.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_BANNER },
    logLevel: 'silent',
    plugins: [entryPlugin(root, entries), leanZod()],
  });
  for (const source of sources) {
    const verify = folder(source.model, 'verify');
    mkdirSync(verify, { recursive: true });
    copyFileSync(join(outDir, SHARED_VERIFY, 'index.mjs'), join(verify, 'index.mjs'));
    writeFileSync(join(verify, GOLDEN_FILE), JSON.stringify(source.golden ?? NO_CASES));
    if (source.predictor !== 'onnx') continue;
    const artifact = join(root, 'models', source.model, 'artifacts', source.artifact);
    for (const name of ASKING) copyModelFiles({ artifact, folder: folder(source.model, name) });
  }
  return folder;
}

function entryPlugin(root: string, entries: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'handler-entries',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: ENTRY }, ({ path }) => ({
        path: path.replace(ENTRY, ''),
        namespace: 'handler',
      }));
      pluginBuild.onLoad({ filter: /.*/, namespace: 'handler' }, ({ path }) => ({
        contents: entries.get(path) ?? '',
        loader: 'ts',
        resolveDir: root,
      }));
    },
  };
}
