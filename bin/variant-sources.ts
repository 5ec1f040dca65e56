import { furtherVariants, type Variants } from '../contract/deployment/variants.ts';
import { validate } from '../contract/fields/validation.ts';
import { exampleOf, type Model } from '../contract/model/model.ts';

export interface VariantSourcesOptions {
  readonly model: Model;
  readonly variants: Variants | undefined;
  /** The functions that `model.ts` exports, by name. */
  readonly functions: ReadonlyMap<string, ExportedFunction>;
  /** Whether the model's `artifacts/` folder has a file. */
  readonly hasFile: (artifact: string) => boolean;
}

/** A function of which nothing is known but that somebody exports it. */
export type ExportedFunction = (input: unknown) => unknown;

/** What is wrong with the artifacts and functions that variants name. */
export interface VariantSources {
  /** Those that do not exist. */
  readonly missing: readonly string[];
  /** Functions that do not answer the model's example as its output promises: they are named by text, untyped. */
  readonly unfit: readonly string[];
}

/** Looks at whatever a model's variants name. */
export function variantSources(options: VariantSourcesOptions): VariantSources {
  const { model, variants, functions, hasFile } = options;
  const missing: string[] = [];
  const unfit: string[] = [];
  for (const variant of furtherVariants(variants)) {
    if ('artifact' in variant) {
      if (!hasFile(variant.artifact)) missing.push(variant.artifact);
      continue;
    }
    const predict = functions.get(variant.predict);
    if (predict === undefined) missing.push(variant.predict);
    else if (!answersExample(model, predict)) unfit.push(variant.predict);
  }
  return { missing, unfit };
}

function answersExample(model: Model, predict: ExportedFunction): boolean {
  const example = validate(model.input, exampleOf(model.input));
  if (!example.ok) throw new Error(`${model.name}: the contract's own example is not valid`);
  try {
    return validate(model.output, predict(example.value)).ok;
  } catch {
    // Whatever it throws, it is no predict of this model.
    return false;
  }
}
