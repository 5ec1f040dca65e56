import { type AnsweringVariant, CHAMPION } from '../../contract/model/answering-variant.ts';
import type { Model } from '../../contract/model/model.ts';
import type { Predictor } from '../predictors/predictor.ts';
import { assign } from './assignment.ts';

/** A variant besides the champion, as the function's environment names it. */
export interface FurtherRoute {
  readonly name: string;
  /** Absent where the variant runs inside the function. */
  readonly endpointName?: string | undefined;
}

/** The way to a variant besides the champion. */
export type FurtherPredictor = (variant: FurtherRoute) => Predictor;

/** Bound to a model whose deployment has only the champion. */
export const noFurtherVariants: FurtherPredictor = ({ name }) => {
  throw new Error(`the bundle has no way to the variant ${name}`);
};

/** What answers one caller. */
export interface ChosenVariant {
  readonly variant: string;
  /** The model with the variant's version: the rest of the contract is the champion's. */
  readonly model: Model;
  readonly predictor: Predictor;
}

export interface VariantRouterOptions {
  readonly model: Model;
  readonly champion: Predictor;
  readonly further: FurtherPredictor;
  readonly variants: readonly (AnsweringVariant & FurtherRoute)[];
}

/** Chooses by the caller's key, always the same variant for the same key. Predictors are made once, at the start. */
export function variantRouter(options: VariantRouterOptions): (callerKey: string) => ChosenVariant {
  const { model, champion, further, variants } = options;
  const choices = variants.map((variant) => ({
    name: variant.name,
    weight: variant.weight,
    chosen: {
      variant: variant.name,
      model: { ...model, version: variant.version },
      predictor: variant.name === CHAMPION ? champion : further(variant),
    },
  }));
  return (callerKey) => assign(model.name, choices, callerKey).chosen;
}
