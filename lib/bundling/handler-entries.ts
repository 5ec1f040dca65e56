import type { FunctionName } from '../functions/function-specs.ts';

/** Where the model runs, from a handler's view. */
export type Predictor = 'in-process' | 'endpoint';

/** A model whose handlers are bundled. */
export interface HandlerSource {
  readonly model: string;
  readonly predictor: Predictor;
}

/** Handlers that ask the model, and so need a way to it. */
const ASKING: readonly FunctionName[] = ['predict', 'health'];

/**
 * The program that binds a generic handler to its model. It is made up at bundling time, so a new model adds no handler
 * code, and a handler never holds another model's code.
 * Paths are relative to the project's root.
 */
export function handlerEntry({ model, predictor }: HandlerSource, name: FunctionName): string {
  const lines = [
    `import { model } from './models/${model}/model.ts';`,
    `import { createHandler } from './lambda/handlers/${name}.ts';`,
  ];
  if (!ASKING.includes(name)) return [...lines, 'export const handler = createHandler(model);'].join('\n');
  return [
    ...lines,
    `import { predictorFor } from './lambda/predictors/${predictor}.ts';`,
    'export const handler = createHandler(model, predictorFor(model));',
  ].join('\n');
}
