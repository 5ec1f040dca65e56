import type { FurtherVariant } from '../../contract/variants.ts';
import {
  ASYNCHRONOUS_FUNCTION_NAMES,
  FUNCTION_NAMES,
  type FunctionName,
} from '../functions/function-specs.ts';

/** Where the model runs, from a handler's view. */
export type Predictor = 'in-process' | 'endpoint' | 'asynchronous';

/** A model whose handlers are bundled. */
export interface HandlerSource {
  readonly model: string;
  readonly predictor: Predictor;
  /** Challengers and shadows. @default - none */
  readonly variants?: readonly FurtherVariant[];
}

/** Handlers that ask the model, and so need a way to it. */
const ASKING: readonly FunctionName[] = ['predict', 'health'];

/** Who stands in for the handlers that ask, where an answer comes minutes later. */
const ASYNCHRONOUS: Readonly<Partial<Record<FunctionName, string>>> = {
  predict: 'submit',
  health: 'observed-health',
};

/** The functions of a model. */
export function functionNames({ predictor }: HandlerSource): readonly FunctionName[] {
  return predictor === 'asynchronous' ? [...FUNCTION_NAMES, ...ASYNCHRONOUS_FUNCTION_NAMES] : FUNCTION_NAMES;
}

/**
 * The program that binds a generic handler to its model. It is made up at bundling time, so a new model adds no handler
 * code, and a handler never holds another model's code.
 * Paths are relative to the project's root.
 */
export function handlerEntry(source: HandlerSource, name: FunctionName): string {
  const { model, predictor, variants = [] } = source;
  const handler = predictor === 'asynchronous' ? (ASYNCHRONOUS[name] ?? name) : name;
  const lines = [
    `import { model } from './models/${model}/model.ts';`,
    `import { createHandler } from './lambda/handlers/${handler}.ts';`,
  ];
  if (predictor === 'asynchronous' || !ASKING.includes(name))
    return [...lines, 'export const handler = createHandler(model);'].join('\n');
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
