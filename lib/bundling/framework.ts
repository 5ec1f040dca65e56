import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { type BuildResult, build, type Plugin } from 'esbuild';
import type { FunctionDeclaration } from '../functions/function-declaration.ts';
import { programOptions, REQUIRE_BANNER } from './esbuild-options.ts';
import { builtModule, frameworkModules, withoutExtension } from './framework-modules.ts';
import { type BundledFile, sha256 } from './function-folder.ts';

/** What functions are made of besides their models, bundled once for all models. */
export interface Framework {
  /** Writes its files, for functions' folders to link to. */
  writeTo(folder: string): FrameworkFiles;
}

export interface FrameworkFiles {
  /**
   * The files that some modules became, with all that these import.
   * @throws {Error} where there is no such module
   */
  of(modules: readonly string[]): readonly BundledFile[];
}

/**
 * Bundles the framework's part of all functions: whatever models there are, its bytes are the same, so that a further model
 * changes no function of another, and costs no bundling but its own.
 * @param root the folder that holds `lambda/` and `contract/`
 * @param functions whose handlers it has; by default of all functions that a model may have
 * @throws esbuild's own error, which names the file and the line, or the module that is not there.
 */
export async function bundleFramework(
  root: string,
  functions?: readonly FunctionDeclaration[],
): Promise<Framework> {
  const options = programOptions(root);
  const { bound, shared } = frameworkModules(functions);
  const result = await build({
    ...options,
    entryPoints: [
      ...bound.map((module) => entryPoint(module, `${ENTRY}${module}`)),
      ...shared.map((module) => entryPoint(module, module)),
    ],
    outdir: join(root, OUT),
    splitting: true,
    chunkNames: 'chunks/[hash]',
    banner: REQUIRE_BANNER,
    metafile: true,
    write: false,
    plugins: [entries(root), ...options.plugins],
  });
  const outputs = outputsOf(root, result);
  return {
    writeTo: (folder) => {
      for (const { path, contents } of outputs) {
        const target = join(folder, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, contents);
      }
      return filesIn(folder, new Map(outputs.map((output) => [output.path, output])));
    },
  };
}

/**
 * What functions that know their model have in common. Each of their modules reaches it, so that it is few files: what
 * different modules reach lies in different files, and each costs a function's start.
 */
const CORE = ['contract/index.ts', 'lambda/http/handler.ts'];

const ENTRY = 'module:';

/** Where the outputs would lie, which are never written there. */
const OUT = 'framework';

function entryPoint(module: string, from: string) {
  return { in: from, out: withoutExtension(module) };
}

function isPackage(module: string): boolean {
  return !module.includes('/');
}

function entries(root: string): Plugin {
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
          ...CORE.map((one) => `import ${specifier(one)};`),
          `export * from ${specifier(path)};`,
        ].join('\n'),
        resolveDir: root,
      }));
    },
  };
}

interface Output {
  /** Where it lies in a function's folder. */
  readonly path: string;
  readonly contents: Uint8Array;
  readonly sha256: string;
  /** Paths of the other outputs that it imports. */
  readonly reaches: readonly string[];
  /** All that it imports, as it names them. */
  readonly imports: readonly string[];
}

function outputsOf(root: string, result: BuildResult<{ write: false; metafile: true }>): readonly Output[] {
  const pathOf = (file: string) => relative(join(root, OUT), resolve(root, file)).split(sep).join('/');
  const contentsOf = new Map(result.outputFiles.map((one) => [pathOf(one.path), one.contents]));
  return Object.entries(result.metafile.outputs).map(([output, { imports }]) => {
    const path = pathOf(output);
    const contents = contentsOf.get(path);
    if (contents === undefined) throw new Error(`esbuild tells of ${path}, but has not made it`);
    const reaches = imports.filter(({ external }) => external !== true).map((one) => pathOf(one.path));
    const others = imports.filter(({ external }) => external === true).map((one) => one.path);
    return {
      path,
      contents,
      sha256: sha256(contents),
      reaches,
      imports: [...reaches.map((one) => relativeTo(path, one)), ...others],
    };
  });
}

function relativeTo(path: string, target: string): string {
  return `./${posix.relative(posix.dirname(path), target)}`;
}

function filesIn(folder: string, outputs: ReadonlyMap<string, Output>): FrameworkFiles {
  const reach = (path: string, reached: Map<string, Output>, module: string) => {
    if (reached.has(path)) return;
    const output = outputs.get(path);
    if (output === undefined) throw new Error(`there is no ${module}`);
    reached.set(path, output);
    for (const one of output.reaches) reach(one, reached, module);
  };
  return {
    of: (modules) => {
      const reached = new Map<string, Output>();
      for (const module of modules) reach(builtModule(module), reached, module);
      return [...reached.values()]
        .map(({ path, sha256, imports }) => ({ path, file: join(folder, path), sha256, imports }))
        .sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}
