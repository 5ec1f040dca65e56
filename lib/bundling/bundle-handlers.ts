import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { GoldenPredictions } from '../../contract/golden-cases.ts';
import type { FunctionName } from '../functions/function-specs.ts';
import { ASKING, functionsOf, type HandlerSource, handlerEntry, SHARED_ENTRIES } from './handler-entries.ts';
import { leanPackages } from './lean-packages.ts';
import { GOLDEN_FILE, placeModelFiles } from './model-files.ts';

export interface BundleHandlersOptions {
  /** The folder that holds `models/` and `lambda/`. */
  readonly root: string;
  readonly sources: readonly HandlerSource[];
  /** Gets a folder `<model>/<function>` for each function that knows its model, and one for each that is shared. */
  readonly outDir: string;
}

/** The folder of one function's code, to be deployed whole. */
export type HandlerFolder = (model: string, name: FunctionName) => string;

const ENTRY = /^handler:/;

/** Where the functions lie that are the same for all models: no model can have this name. */
const SHARED = '_shared';

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
  const shared = (name: FunctionName) => join(outDir, SHARED, name);
  // What proves deployments has a folder for each model: the golden predictions in it are the model's.
  const folder: HandlerFolder = (model, name) =>
    name in SHARED_ENTRIES && name !== 'verify' ? shared(name) : join(outDir, model, name);
  const entries = new Map<string, string>(
    sources.flatMap((source) =>
      functionsOf(source).map((name) => {
        const entry = SHARED_ENTRIES[name];
        return entry === undefined
          ? ([`${source.model}/${name}`, handlerEntry(source, name)] as const)
          : ([`${SHARED}/${name}`, entry] as const);
      }),
    ),
  );
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
    plugins: [entryPlugin(root, entries), leanPackages()],
  });
  for (const source of sources) {
    const verify = folder(source.model, 'verify');
    mkdirSync(verify, { recursive: true });
    linkSync(join(shared('verify'), 'index.mjs'), join(verify, 'index.mjs'));
    writeFileSync(join(verify, GOLDEN_FILE), JSON.stringify(source.golden ?? NO_CASES));
    if (source.predictor !== 'onnx') continue;
    const artifact = join(root, 'models', source.model, 'artifacts', source.artifact);
    for (const name of ASKING) placeModelFiles({ artifact, folder: folder(source.model, name) });
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
