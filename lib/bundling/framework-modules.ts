import { FUNCTIONS } from '../features/functions.ts';
import type { FunctionDeclaration } from '../functions/function-declaration.ts';

/** How a function gets answers of its model; absent where the answer comes minutes later. */
export type PredictorKind = 'in-process' | 'endpoint' | 'onnx';

/** What reads uploaded files. */
export const UPLOADS_MODULE = 'lambda/uploads/s3-uploads.ts';

/** What model authors may import; everything else that a model needs becomes part of the model. */
export const MODULES_OF_MODELS = ['contract/index.ts', 'imaging/decode-image.ts', 'zod'] as const;

/** What is bundled for functions. */
export interface FrameworkModules {
  /** What functions that know their model are made of: the same list whatever models there are. */
  readonly bound: readonly string[];
  /** Handlers that have no use for the model, and so are the same for all models. */
  readonly shared: readonly string[];
}

/** The modules of some functions. @param functions by default all that a model may have */
export function frameworkModules(functions: readonly FunctionDeclaration[] = FUNCTIONS): FrameworkModules {
  return {
    bound: [
      ...[...functions.flatMap(boundHandler), ...functions.flatMap(asynchronousHandler)].map(handlerModule),
      ...(['in-process', 'endpoint', 'onnx'] as const).map(predictorModule),
      ...(['in-process', 'endpoint'] as const).map(variantsModule),
      UPLOADS_MODULE,
      ...MODULES_OF_MODELS,
    ],
    shared: functions
      .filter(({ handler }) => handler.kind === 'shared')
      .map(({ name }) => handlerModule(name)),
  };
}

function boundHandler({ name, handler }: FunctionDeclaration): string[] {
  return handler.kind === 'bound' ? [name] : [];
}

function asynchronousHandler({ handler }: FunctionDeclaration): string[] {
  return handler.kind === 'bound' && handler.asynchronous !== undefined ? [handler.asynchronous] : [];
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
