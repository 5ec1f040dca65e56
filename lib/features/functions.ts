import { type Feature, featuresOf } from '../functions/feature.ts';
import type { FunctionDeclaration } from '../functions/function-declaration.ts';
import type { DeclaredModel } from '../functions/model-parts.ts';
import { FEATURES } from './features.ts';

type AnyFeature = (typeof FEATURES)[number];

/** Every function that a model may have. */
export type FunctionName = AnyFeature['functions'][number]['name'];

/** What is deployed for every model. */
export type CommonFunction = Exclude<AnyFeature, { belongsTo: unknown }>['functions'][number]['name'];

/** Every function that a model may have, in the order of the features. */
export const FUNCTIONS: readonly FunctionDeclaration<FunctionName>[] = FEATURES.flatMap<
  FunctionDeclaration<FunctionName>
>(({ functions }) => functions);

/** The same by their names. */
export const FUNCTION_SPECS = Object.fromEntries(FUNCTIONS.map((one) => [one.name, one])) as Readonly<
  Record<FunctionName, FunctionDeclaration<FunctionName>>
>;

/** The functions that every model has. */
export const FUNCTION_NAMES: readonly CommonFunction[] = FEATURES.flatMap((feature) =>
  'belongsTo' in feature ? [] : feature.functions.map(({ name }) => name),
);

/** The functions of one model. */
export function functionsOf(
  declared: DeclaredModel,
  features: readonly Feature[] = FEATURES,
): readonly FunctionDeclaration[] {
  return featuresOf(features, declared).flatMap(({ functions }) => functions);
}
