import { relative, resolve, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { programOptions, REQUIRE_BANNER } from './esbuild-options.ts';
import { builtModule, MODULES_OF_MODELS } from './framework-modules.ts';
import { type BundledFile, sha256Of } from './function-folder.ts';
import { MODEL_MODULE } from './model-files.ts';

/** What a model's own source became. */
export interface ModelSource extends BundledFile {
  /** The framework's modules that it imports. */
  readonly modules: readonly string[];
}

export interface ModelSourcesOptions {
  /** The folder that holds `models/`. */
  readonly root: string;
  readonly models: readonly string[];
  readonly outDir: string;
}

/**
 * Bundles each model's `model.ts` with what it alone imports. The framework's modules stay imports, which the functions'
 * folders satisfy: one copy of each class in a function, so that `instanceof` holds.
 * @throws esbuild's own error, which names the file and the line; also where a model imports what is not for models
 */
export async function bundleModelSources(
  options: ModelSourcesOptions,
): Promise<ReadonlyMap<string, ModelSource>> {
  const { root, models, outDir } = options;
  const common = programOptions(root);
  const { metafile } = await build({
    ...common,
    entryPoints: models.map((name) => ({ in: `models/${name}/model.ts`, out: `${name}/model` })),
    outdir: outDir,
    banner: REQUIRE_BANNER,
    metafile: true,
    plugins: [frameworkImports(root), ...common.plugins],
  });
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [resolve(root, path), output]),
  );
  return new Map(
    models.map((name) => {
      const file = resolve(outDir, name, MODEL_MODULE);
      const output = outputs.get(file);
      if (output === undefined) throw new Error(`esbuild does not tell of ${file}, which it was to make`);
      const imports = output.imports.map(({ path }) => path);
      const modules = MODULES_OF_MODELS.filter((one) => imports.includes(specifier(one)));
      return [name, { path: MODEL_MODULE, file, sha256: sha256Of(file), imports, modules }];
    }),
  );
}

function specifier(module: string): string {
  return `./${builtModule(module)}`;
}

/** Folders of the project that models take only some modules of. */
const FRAMEWORK_FOLDERS = /^(contract|imaging|lambda|lib|local|serving)\//;

function frameworkImports(root: string): Plugin {
  const modules: readonly string[] = MODULES_OF_MODELS;
  const external = (module: string) => ({ path: specifier(module), external: true });
  return {
    name: 'framework-imports',
    setup(pluginBuild) {
      pluginBuild.onResolve({ filter: /^zod$/ }, ({ importer, path }) =>
        // A package may need a zod of another version.
        /[\\/]node_modules[\\/]/.test(importer) ? undefined : external(path),
      );
      pluginBuild.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const module = relative(root, resolve(resolveDir, path)).split(sep).join('/');
        if (modules.includes(module)) return external(module);
        if (!FRAMEWORK_FOLDERS.test(module)) return undefined;
        const text = `${module} is not for models: they import ${modules.slice(0, -1).join(', ')} and ${modules.at(-1)}`;
        return { errors: [{ text }] };
      });
    },
  };
}
