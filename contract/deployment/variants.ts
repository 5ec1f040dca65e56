import { z } from 'zod';
import { type AnsweringVariant, CHAMPION } from '../model/answering-variant.ts';
import type { Model } from '../model/model.ts';

/** An endpoint's name ends in its model's mode, or in the mode and a variant: a variant named so would be ambiguous. */
const MODES = ['lambda', 'serverless', 'realtime', 'asynchronous'];

/**
 * All variants travel to the predict function in its environment, which takes 4 KB (AWS Lambda quotas, "Environment
 * variables"): at the longest names these counts take less than half of it.
 */
const MAX_CHALLENGERS = 5;
const MAX_SHADOWS = 3;

const name = z
  .string()
  .max(20)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not kebab case, such as ridge-2')
  .refine((text) => text !== CHAMPION, 'is the name of the variant that model.ts declares')
  .refine(
    (text) => !text.split('-').some((part) => MODES.includes(part)),
    `holds the name of a hosting mode (${MODES.join(', ')})`,
  );

const common = {
  name,
  /** Semantic version of this variant: what its predictions carry. It keeps the champion's contract, so its major too. */
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'is not a semantic version, such as 1.1.0'),
};

/** Relative to the other weights; 0 answers nobody. */
const weight = z.number().min(0);

/** A file in the model's `artifacts/` folder, with the tensors of the champion's. */
const artifact = z.string().min(1);

/** The name of a function that `model.ts` exports, with the signature of the model's own `predict`. */
const predict = z.string().regex(/^[A-Za-z_$][\w$]*$/, 'is not the name of an export');

const ONE_SOURCE =
  'is not a variant: it needs a name, a version, a weight if it is a challenger, and one of artifact and predict';

const challenger = z.union(
  [z.strictObject({ ...common, weight, artifact }), z.strictObject({ ...common, weight, predict })],
  { error: ONE_SOURCE },
);

const shadow = z.union([z.strictObject({ ...common, artifact }), z.strictObject({ ...common, predict })], {
  error: ONE_SOURCE,
});

/** What else answers beside the champion, and what is asked without answering. */
export const variantsSchema = z
  .strictObject({
    /** The champion's share beside the challengers. @default - it answers everybody */
    champion: z.strictObject({ weight }).optional(),
    challengers: z.array(challenger).max(MAX_CHALLENGERS).default([]),
    /** Asked everything that is predicted, and never answering. */
    shadows: z.array(shadow).max(MAX_SHADOWS).default([]),
    /**
     * The longest that an answer waits for its shadows once it is known, in milliseconds; what is later is dropped. Where
     * answers come later, a request's acceptance waits so for the shadows' queues.
     */
    shadowBudgetMs: z.int().min(1).max(2000).default(100),
  })
  .superRefine(({ champion, challengers, shadows }, context) => {
    const add = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const seen = new Set<string>();
    const unique = (list: 'challengers' | 'shadows') => (one: { name: string }, index: number) => {
      if (seen.has(one.name)) add([list, index, 'name'], `"${one.name}" is there twice`);
      seen.add(one.name);
    };
    challengers.forEach(unique('challengers'));
    shadows.forEach(unique('shadows'));
    if (challengers.length === 0) return;
    if (champion === undefined) {
      add(['champion'], 'is needed beside challengers: weights are relative, as in { weight: 90 }');
    } else if (champion.weight + challengers.reduce((sum, one) => sum + one.weight, 0) === 0) {
      add(['champion', 'weight'], 'and every other weight is 0: nobody would be answered');
    }
  });

export type Variants = z.output<typeof variantsSchema>;
export type Challenger = Variants['challengers'][number];
export type Shadow = Variants['shadows'][number];
/** A variant besides the champion. */
export type FurtherVariant = Challenger | Shadow;

/** Every variant besides the champion. */
export function furtherVariants(variants: Variants | undefined): readonly FurtherVariant[] {
  return variants === undefined ? [] : [...variants.challengers, ...variants.shadows];
}

/** The variants that answer, the champion first. */
export function answeringVariants(
  model: Pick<Model, 'version'>,
  variants: Variants | undefined,
): readonly AnsweringVariant[] {
  const champion = { name: CHAMPION, version: model.version, weight: variants?.champion?.weight ?? 1 };
  const challengers = variants?.challengers ?? [];
  return [champion, ...challengers.map(({ name, version, weight }) => ({ name, version, weight }))];
}
