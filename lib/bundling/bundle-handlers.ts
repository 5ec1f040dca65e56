import { join } from 'node:path';
import type { FunctionDeclaration } from '../functions/function-declaration.ts';
import type { HandlerCode, HandlerCodeOf } from '../functions/handler-code.ts';
import { allDone } from './all-done.ts';
import { bundleModelSources, type ModelSource } from './bundle-model-sources.ts';
import { assertComplete } from './complete-folder.ts';
import { bundleFramework, type Framework } from './framework.ts';
import { type BundledFile, INDEX_FILE, layOut } from './function-folder.ts';
import { type HandlerSource, handlerEntry } from './handler-entries.ts';
import { copied, GOLDEN_FILE, MODEL_FILE, RUNTIME_FILE, runtimeFile, written } from './model-files.ts';

/** A model and its functions. */
export type BundledModel = HandlerSource & { readonly functions: readonly FunctionDeclaration[] };

export interface BundleHandlersOptions {
  /** The folder that holds `models/` and `lambda/`. */
  readonly root: string;
  readonly sources: readonly BundledModel[];
  /** The cloud assembly's folder, which gets a folder for each function that is not there yet. */
  readonly assemblyDir: string;
  /** Where what the functions are made of is bundled; on one file system with the assembly. */
  readonly workDir: string;
  /** @default - it is bundled now */
  readonly framework?: Promise<Framework> | undefined;
}

/**
 * Bundles every function of every model: the framework once for all, each model's source once for all its functions. The
 * folders of the functions are put together from these, with the model's artifact and its runtime where they hold it.
 * The same source gives the same bytes wherever the project lies, so that a function is deployed only when it changed.
 * @throws esbuild's own error, which names the file and the line.
 */
export async function bundleHandlers(options: BundleHandlersOptions): Promise<HandlerCodeOf> {
  const { root, sources, assemblyDir, workDir } = options;
  const [bundled, modelSources] = await allDone([
    options.framework ?? bundleFramework(root),
    bundleModelSources({
      root,
      models: sources.map(({ model }) => model),
      outDir: join(workDir, 'models'),
    }),
  ]);
  const framework = bundled.writeTo(join(workDir, 'framework'));
  const runtime = sources.some(({ predictor }) => predictor === 'onnx')
    ? [copied(RUNTIME_FILE, runtimeFile(), workDir)]
    : [];
  const code = new Map<string, HandlerCode>();
  for (const source of sources) {
    const own = ownFiles({ root, workDir, source, modelSource: modelSources.get(source.model), runtime });
    for (const declaration of source.functions) {
      const { name } = declaration;
      const { code: index, modules, imports } = handlerEntry(source, declaration);
      const files = [...own.of(declaration), ...framework.of([...modules, ...own.modulesOf(declaration)])];
      assertComplete(`${name} of ${source.model}`, { path: INDEX_FILE, imports }, files);
      code.set(`${source.model}/${name}`, layOut({ assemblyDir, workDir, index, files }));
    }
  }
  return (model, name) => {
    const found = code.get(`${model}/${name}`);
    if (found === undefined) throw new Error(`no function ${name} of ${model} was bundled`);
    return found;
  };
}

interface OwnFilesOptions {
  readonly root: string;
  readonly workDir: string;
  readonly source: HandlerSource;
  readonly modelSource: ModelSource | undefined;
  /** What runs an artifact inside a function. */
  readonly runtime: readonly BundledFile[];
}

/** What functions hold of their model, and the framework's modules that this imports. */
function ownFiles({ root, workDir, source, modelSource, runtime }: OwnFilesOptions) {
  if (modelSource === undefined) throw new Error(`models/${source.model}/model.ts was not bundled`);
  const folder = join(workDir, 'models', source.model);
  const golden = written(GOLDEN_FILE, JSON.stringify(source.golden), folder);
  const held =
    source.predictor === 'onnx'
      ? [
          copied(MODEL_FILE, join(root, 'models', source.model, 'artifacts', source.artifact), folder),
          ...runtime,
        ]
      : [];
  return {
    of: ({ handler }: FunctionDeclaration): readonly BundledFile[] => {
      if (handler.kind === 'shared') return handler.golden === true ? [golden] : [];
      return handler.asks === true ? [modelSource, ...held] : [modelSource];
    },
    modulesOf: ({ handler }: FunctionDeclaration) => (handler.kind === 'shared' ? [] : modelSource.modules),
  };
}
