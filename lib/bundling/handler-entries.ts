import type { FurtherVariant } from '../../contract/deployment/variants.ts';
import type { GoldenPredictions } from '../../contract/golden/golden-cases.ts';
import type { BoundBinding, FunctionDeclaration, SharedBinding } from '../functions/function-declaration.ts';
import {
  builtModule,
  handlerModule,
  predictorModule,
  UPLOADS_MODULE,
  variantsModule,
} from './framework-modules.ts';
import { GOLDEN_FILE, MODEL_FILE, MODEL_MODULE, RUNTIME_FILE } from './model-files.ts';

interface CommonSource {
  readonly model: string;
  /** What a deployment has to answer rightly. */
  readonly golden: GoldenPredictions;
  /** Whether the model takes images, and so uploads. @default false */
  readonly uploads?: boolean;
}

/** A model whose handlers are bundled, and where it runs from their view: as code, on an endpoint, or as an artifact. */
export type HandlerSource = CommonSource &
  (
    | {
        readonly predictor: 'in-process' | 'endpoint';
        /** Challengers and shadows. @default - none */
        readonly variants?: readonly FurtherVariant[];
      }
    | {
        /** An endpoint that answers later. Its variants are further ones, which the function's environment names. */
        readonly predictor: 'asynchronous';
      }
    | {
        readonly predictor: 'onnx';
        /** The file in the model's `artifacts/` that the functions load. */
        readonly artifact: string;
      }
  );

/** A function's program, `index.mjs` in its folder. */
export interface HandlerEntry {
  readonly code: string;
  /** The framework's modules that it imports. */
  readonly modules: readonly string[];
  /** All files that it needs beside it, these modules' among them, relative to it. */
  readonly imports: readonly string[];
}

/**
 * The program that binds a generic handler to its model. It is made up at bundling time, so a new model adds no handler
 * code, and a handler never holds another model's code.
 */
export function handlerEntry(source: HandlerSource, { name, handler }: FunctionDeclaration): HandlerEntry {
  return handler.kind === 'shared' ? sharedEntry(name, handler) : boundEntry(source, name, handler);
}

function boundEntry(source: HandlerSource, name: string, binding: BoundBinding): HandlerEntry {
  const { predictor } = source;
  const uploads: Part[] =
    binding.readsUploads === true && source.uploads === true
      ? [{ names: 's3Uploads', module: UPLOADS_MODULE, property: 'uploads: s3Uploads()' }]
      : [];
  if (predictor === 'asynchronous' || binding.asks !== true) {
    const handler = predictor === 'asynchronous' ? (binding.asynchronous ?? name) : name;
    return entry(handlerModule(handler), uploads, ['model', ...uploads.map(() => 's3Uploads()')]);
  }
  const parts = [...uploads, ...(binding.asksVariants === true ? furtherPart(source) : [])];
  const asked = { names: 'predictorFor', module: predictorModule(predictor) };
  const properties = parts.map(({ property }) => property).join(', ');
  const options = properties === '' ? [] : [`{ ${properties} }`];
  const held = predictor === 'onnx' ? [MODEL_FILE, RUNTIME_FILE] : [];
  return entry(handlerModule(name), [asked, ...parts], ['model', predictorOf(predictor), ...options], held);
}

interface Imported {
  readonly names: string;
  readonly module: string;
}

/** What a handler takes besides its model and its predictor. */
interface Part extends Imported {
  readonly property: string;
}

/** @param held files that it loads besides */
function entry(
  handler: string,
  imported: readonly Imported[],
  args: readonly string[],
  held: readonly string[] = [],
): HandlerEntry {
  const all = [{ names: 'createHandler', module: handler }, ...imported];
  const code = [
    // As a whole, because variants are functions of it.
    `import * as source from './${MODEL_MODULE}';`,
    ...all.map(importLine),
    'const { model } = source;',
    `export const handler = createHandler(${args.join(', ')});`,
  ].join('\n');
  const modules = all.map(({ module }) => module);
  return { code, modules, imports: importsOf(modules, MODEL_MODULE, ...held) };
}

/** What lies beside a program: modules of the framework, and other files. */
function importsOf(modules: readonly string[], ...files: readonly string[]): readonly string[] {
  return [...modules.map(builtModule), ...files].map((file) => `./${file}`);
}

function importLine({ names, module }: Imported): string {
  return `import { ${names} } from './${builtModule(module)}';`;
}

function sharedEntry(name: string, { golden = false }: SharedBinding): HandlerEntry {
  const module = handlerModule(name);
  const create = importLine({ names: 'createHandler', module });
  const code = golden
    ? [
        "import { readFileSync } from 'node:fs';",
        create,
        `const golden = JSON.parse(readFileSync(new URL('./${GOLDEN_FILE}', import.meta.url), 'utf8'));`,
        'export const handler = createHandler(golden);',
      ]
    : [create, 'export const handler = createHandler();'];
  const imports = importsOf([module], ...(golden ? [GOLDEN_FILE] : []));
  return { code: code.join('\n'), modules: [module], imports };
}

function furtherPart(source: HandlerSource): Part[] {
  if (!('variants' in source) || source.variants === undefined || source.variants.length === 0) return [];
  const alternatives = source.variants.flatMap(alternative).join(', ');
  const property = `further: variantPredictors(model, {${alternatives}})`;
  return [{ names: 'variantPredictors', module: variantsModule(source.predictor), property }];
}

/** The function of the model's module that a variant runs inside the predict function; none where it has an endpoint. */
function alternative(variant: FurtherVariant): string[] {
  return 'predict' in variant ? [`'${variant.name}': source.${variant.predict}`] : [];
}

/** An artifact is loaded while the function starts, not at its first request: the module awaits it. */
function predictorOf(predictor: HandlerSource['predictor']): string {
  if (predictor !== 'onnx') return 'predictorFor(model)';
  const beside = (file: string) => `new URL('./${file}', import.meta.url)`;
  return `await predictorFor(model, { model: ${beside(MODEL_FILE)}, runtime: ${beside(RUNTIME_FILE)} })`;
}
