import type { GoldenPredictions } from '../../contract/golden-cases.ts';
import type { FurtherVariant } from '../../contract/variants.ts';
import { BATCH_FUNCTION_NAMES, FUNCTION_NAMES, type FunctionName } from '../functions/function-specs.ts';
import { GOLDEN_FILE, MODEL_FILE, RUNTIME_FILE } from './model-files.ts';

interface CommonSource {
  readonly model: string;
  /** Whether the model's API takes tokens. @default false */
  readonly authorizer?: boolean;
  /** What a deployment has to answer rightly. @default - nothing is asked, which fails: not to be deployed */
  readonly golden?: GoldenPredictions;
  /** Whether the model takes images, and so uploads. @default false */
  readonly uploads?: boolean;
  /** Whether it has batches. @default false */
  readonly batch?: boolean;
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

/** The functions of one model. */
export function functionsOf({
  predictor,
  authorizer = false,
  uploads = false,
  batch = false,
}: HandlerSource): readonly FunctionName[] {
  return [
    ...FUNCTION_NAMES,
    ...(predictor === 'asynchronous' ? (['complete'] as const) : []),
    ...(authorizer ? (['authorize'] as const) : []),
    ...(uploads ? (['upload'] as const) : []),
    ...(batch ? BATCH_FUNCTION_NAMES : []),
  ];
}

/** Handlers that ask the model, and so need a way to it. */
export const ASKING: readonly FunctionName[] = ['predict', 'health'];

/** Who stands in for the handlers that ask, where an answer comes minutes later. */
const ASYNCHRONOUS: Readonly<Partial<Record<FunctionName, string>>> = {
  predict: 'submit',
  health: 'observed-health',
};

/**
 * The program that binds a generic handler to its model. It is made up at bundling time, so a new model adds no handler
 * code, and a handler never holds another model's code.
 * Paths are relative to the project's root.
 */
export function handlerEntry(source: HandlerSource, name: FunctionName): string {
  const { model, predictor } = source;
  const variants = 'variants' in source ? (source.variants ?? []) : [];
  const handler = predictor === 'asynchronous' ? (ASYNCHRONOUS[name] ?? name) : name;
  const lines = [
    `import { model } from './models/${model}/model.ts';`,
    `import { createHandler } from './lambda/handlers/${handler}.ts';`,
  ];
  const uploads = name === 'predict' && (source.uploads ?? false);
  if (uploads) lines.push("import { s3Uploads } from './lambda/uploads/s3-uploads.ts';");
  if (predictor === 'asynchronous' || !ASKING.includes(name)) {
    const args = uploads ? 'model, s3Uploads()' : 'model';
    return [...lines, `export const handler = createHandler(${args});`].join('\n');
  }
  lines.push(`import { predictorFor } from './lambda/predictors/${predictor}.ts';`);
  const parts = uploads ? ['uploads: s3Uploads()'] : [];
  if (name === 'predict' && variants.length > 0) {
    lines.push(
      `import * as source from './models/${model}/model.ts';`,
      `import { variantPredictors } from './lambda/variants/${predictor}-variants.ts';`,
      `const further = variantPredictors(model, { ${variants.flatMap(alternative).join(', ')} });`,
    );
    parts.push('further');
  }
  const args = ['model', predictorOf(predictor), ...(parts.length === 0 ? [] : [`{ ${parts.join(', ')} }`])];
  return [...lines, `export const handler = createHandler(${args.join(', ')});`].join('\n');
}

/**
 * The programs of handlers that have no use for the model, and so are the same for all models. What proves deployments asks
 * the function that predicts; the golden predictions lie beside it.
 */
export const SHARED_ENTRIES: Readonly<Partial<Record<FunctionName, string>>> = {
  drain: sharedEntry('drain'),
  authorize: sharedEntry('authorize'),
  verify: [
    "import { readFileSync } from 'node:fs';",
    "import { createHandler } from './lambda/handlers/verify.ts';",
    `const golden = JSON.parse(readFileSync(new URL('./${GOLDEN_FILE}', import.meta.url), 'utf8'));`,
    'export const handler = createHandler(golden);',
  ].join('\n'),
};

function sharedEntry(name: FunctionName): string {
  return `import { createHandler } from './lambda/handlers/${name}.ts';\nexport const handler = createHandler();`;
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
