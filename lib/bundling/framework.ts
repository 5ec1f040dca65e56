import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { programOptions, REQUIRE_BANNER } from './esbuild-options.ts';
import {
  builtModule,
  handlerModule,
  MODULES,
  SHARED_HANDLERS,
  withoutExtension,
} from './framework-modules.ts';
import { type BundledFile, sha256Of } from './function-folder.ts';

/** What functions are made of besides their models, bundled once for all models. */
export interface Framework {
  /**
   * The files that some modules became, with all that these import.
   * @throws {Error} where there is no such module
   */
  filesOf(modules: readonly string[]): readonly BundledFile[];
}

export interface FrameworkOptions {
  /** The folder that holds `lambda/` and `contract/`. */
  readonly root: string;
  readonly outDir: string;
}

/**
 * Bundles the framework's part of all functions: whatever models there are, its bytes are the same, so that a further model
 * changes no function of another, and costs no bundling but its own.
 * @throws esbuild's own error, which names the file and the line.
 */
export async function bundleFramework({ root, outDir }: FrameworkOptions): Promise<Framework> {
  const there = (modules: readonly string[]) =>
    modules.filter((one) => isPackage(one) || existsSync(join(root, one)));
  const common = { ...programOptions(root), banner: REQUIRE_BANNER, metafile: true } as const;
  const [bound, alone] = await Promise.all([
    build({
      ...common,
      entryPoints: there(MODULES).map(entryPoint(ENTRY)),
      outdir: join(outDir, 'bound'),
      splitting: true,
      chunkNames: 'chunks/[hash]',
      plugins: [entries(root, there(CORE)), ...common.plugins],
    }),
    build({
      ...common,
      entryPoints: there(SHARED_HANDLERS.map(handlerModule)).map(entryPoint('')),
      outdir: join(outDir, 'alone'),
    }),
  ]);
  return frameworkOf(
    new Map([
      ...outputsOf(root, join(outDir, 'bound'), bound),
      ...outputsOf(root, join(outDir, 'alone'), alone),
    ]),
  );
}

/**
 * What functions that know their model have in common. Each of their modules reaches it, so that it is one file: what
 * different modules reach lies in different files, and each costs a function's start.
 */
const CORE = ['contract/index.ts', 'lambda/http/handler.ts'];

const ENTRY = 'module:';

function entryPoint(prefix: string) {
  return (module: string) => ({ in: `${prefix}${module}`, out: withoutExtension(module) });
}

function isPackage(module: string): boolean {
  return !module.includes('/');
}

function entries(root: string, core: readonly string[]): Plugin {
  const specifier = (module: string) => JSON.stringify(isPackage(module) ? module : `./${module}`);
  return {
    name: 'framework-modules',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: new RegExp(`^${ENTRY}`) }, ({ path }) => ({
        path: path.slice(ENTRY.length),
        namespace: 'module',
      }));
      pluginBuild.onLoad({ filter: /.*/, namespace: 'module' }, ({ path }) => ({
        contents: [
          ...core.map((one) => `import ${specifier(one)};`),
          `export * from ${specifier(path)};`,
        ].join('\n'),
        resolveDir: root,
      }));
    },
  };
}

interface Output extends BundledFile {
  /** Paths of what it imports. */
  readonly imports: readonly string[];
}

/** The outputs of a run by their paths. */
function outputsOf(root: string, outDir: string, { metafile }: { readonly metafile: Metafile }) {
  const pathOf = (output: string) => relative(outDir, join(root, output)).split(sep).join('/');
  return Object.entries(metafile.outputs).map(([output, { imports }]): readonly [string, Output] => {
    const path = pathOf(output);
    const file = join(outDir, path);
    const internal = imports.filter(({ external }) => external !== true);
    return [path, { path, file, sha256: sha256Of(file), imports: internal.map((one) => pathOf(one.path)) }];
  });
}

function frameworkOf(outputs: ReadonlyMap<string, Output>): Framework {
  const reach = (path: string, reached: Map<string, Output>, module: string) => {
    if (reached.has(path)) return;
    const output = outputs.get(path);
    if (output === undefined) throw new Error(`there is no ${module}`);
    reached.set(path, output);
    for (const one of output.imports) reach(one, reached, module);
  };
  return {
    filesOf: (modules) => {
      const reached = new Map<string, Output>();
      for (const module of modules) reach(builtModule(module), reached, module);
      return [...reached.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}
