import type { FurtherVariant } from '../../contract/variants.ts';
import { FUNCTION_NAMES, type FunctionName } from '../functions/function-specs.ts';

/** Where the model runs, from a handler's view. */
export type Predictor = 'in-process' | 'endpoint';

/** A model whose handlers are bundled. */
export interface HandlerSource {
  readonly model: string;
  readonly predictor: Predictor;
  /** Challengers and shadows. @default - none */
  readonly variants?: readonly FurtherVariant[];
  /** Whether the model's API takes tokens. @default false */
  readonly authorizer?: boolean;
}

/** The functions of one model. */
export function functionsOf({ authorizer = false }: HandlerSource): readonly FunctionName[] {
  return authorizer ? [...FUNCTION_NAMES, 'authorize'] : FUNCTION_NAMES;
}

/** Handlers that ask the model, and so need a way to it. */
const ASKING: readonly FunctionName[] = ['predict', 'health'];

/**
 * The program that binds a generic handler to its model. It is made up at bundling time, so a new model adds no handler
 * code, and a handler never holds another model's code.
 * Paths are relative to the project's root.
 */
export function handlerEntry(source: HandlerSource, name: FunctionName): string {
  const { model, predictor, variants = [] } = source;
  const lines = [
    `import { model } from './models/${model}/model.ts';`,
    `import { createHandler } from './lambda/handlers/${name}.ts';`,
  ];
  if (!ASKING.includes(name)) return [...lines, 'export const handler = createHandler(model);'].join('\n');
  if (name === 'predict' && variants.length > 0) {
    return [
      ...lines,
      `import * as source from './models/${model}/model.ts';`,
      `import { predictorFor } from './lambda/predictors/${predictor}.ts';`,
      `import { variantPredictors } from './lambda/variants/${predictor}-variants.ts';`,
      `const further = variantPredictors(model, { ${variants.flatMap(alternative).join(', ')} });`,
      'export const handler = createHandler(model, predictorFor(model), further);',
    ].join('\n');
  }
  return [
    ...lines,
    `import { predictorFor } from './lambda/predictors/${predictor}.ts';`,
    'export const handler = createHandler(model, predictorFor(model));',
  ].join('\n');
}

/** The function of the model's module that a variant runs inside the predict function; none where it has an endpoint. */
function alternative(variant: FurtherVariant): string[] {
  return 'predict' in variant ? [`'${variant.name}': source.${variant.predict}`] : [];
}
