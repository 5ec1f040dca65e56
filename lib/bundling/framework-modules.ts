import { FUNCTION_SPECS, type FunctionName } from '../function-specs.ts';

/** How a function gets answers of its model; absent where the answer comes minutes later. */
export type PredictorKind = 'in-process' | 'endpoint' | 'onnx';

/** What reads uploaded files. */
export const UPLOADS_MODULE = 'lambda/uploads/s3-uploads.ts';

/** What model authors may import; everything else that a model needs becomes part of the model. */
export const MODULES_OF_MODELS = ['contract/index.ts', 'imaging/decode-image.ts', 'zod'] as const;

/**
 * Handlers that have no use for the model, and so are the same for all models. What proves deployments asks the function that
 * predicts; the golden predictions lie beside it.
 */
export const SHARED_HANDLERS = ['drain', 'authorize', 'verify', 'notify'] as const satisfies FunctionName[];

export type SharedHandler = (typeof SHARED_HANDLERS)[number];

/** Who stands in for the handlers that ask, where an answer comes minutes later. */
export const ASYNCHRONOUS_HANDLERS: Readonly<Partial<Record<FunctionName, string>>> = {
  predict: 'submit',
  health: 'observed-health',
};

/** What functions that know their model are made of: the same list whatever models there are. */
export const MODULES: readonly string[] = [
  ...[...Object.keys(FUNCTION_SPECS), ...Object.values(ASYNCHRONOUS_HANDLERS)]
    .filter((name) => !isShared(name))
    .map(handlerModule),
  ...(['in-process', 'endpoint', 'onnx'] as const).map(predictorModule),
  ...(['in-process', 'endpoint'] as const).map(variantsModule),
  UPLOADS_MODULE,
  ...MODULES_OF_MODELS,
];

export function isShared(name: string): name is SharedHandler {
  return (SHARED_HANDLERS as readonly string[]).includes(name);
}

export function handlerModule(name: string): string {
  return `lambda/handlers/${name}.ts`;
}

export function predictorModule(kind: PredictorKind): string {
  return `lambda/predictors/${kind}.ts`;
}

/** What asks challengers and shadows. */
export function variantsModule(kind: Exclude<PredictorKind, 'onnx'>): string {
  return `lambda/variants/${kind}-variants.ts`;
}

/** The file that a module becomes, in a function's folder. */
export function builtModule(module: string): string {
  return `${withoutExtension(module)}.mjs`;
}

export function withoutExtension(module: string): string {
  return module.replace(/\.ts$/, '');
}
