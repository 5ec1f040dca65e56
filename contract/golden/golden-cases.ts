import { z } from 'zod';
import { validate } from '../fields/validation.ts';
import type { Model } from '../model/model.ts';

/** How far serving may be from whoever computed the golden predictions. */
const tolerance = z.strictObject({
  /** As a share of the expected number: what 32-bit floating point costs a model of a few hundred operations. */
  relative: z.number().min(0).default(1e-5),
  /** In the unit of the output: for published values, half of their last digit. */
  absolute: z.number().min(0).default(0),
});

const goldenCase = z.looseObject({
  /** As a client would send it. */
  input: z.record(z.string(), z.unknown()),
  /** What is right, in the contract's units: all of the answer's fields, or some. */
  output: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

/** `artifacts/reference.json`: inputs, and the answers of something that is trusted more than the serving code. */
const goldenFile = z.looseObject({
  tolerance: tolerance.prefault({}),
  cases: z.array(goldenCase).min(1),
});

export type GoldenTolerance = z.output<typeof tolerance>;

/** Where a `reference.json` states none. */
export const DEFAULT_TOLERANCE: GoldenTolerance = tolerance.parse({});

export type GoldenCase = Pick<z.output<typeof goldenCase>, 'input' | 'output'>;

/** The golden predictions of a model. */
export interface GoldenPredictions {
  readonly tolerance: GoldenTolerance;
  readonly cases: readonly GoldenCase[];
}

/** What a model's `reference.json` holds, or everything that is wrong with it. */
export type GoldenReading =
  | { readonly golden: GoldenPredictions }
  | { readonly problems: readonly [string, ...string[]] };

/** More problems than these of one file repeat themselves. */
const MOST_PROBLEMS = 5;

/** Reads the text of a `reference.json` by a model's contract. */
export function readGolden(model: Pick<Model, 'input' | 'output'>, text: string): GoldenReading {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { problems: [`is not JSON: ${(error as Error).message}`] };
  }
  const file = validate(goldenFile, content);
  const found = file.ok
    ? file.value.cases.flatMap((one, index) => caseProblems(model, one, `/cases/${index}`))
    : file.errors.map(({ path, detail }) => `${path}: ${detail}`);
  const [first, ...others] = found.slice(0, MOST_PROBLEMS);
  if (first !== undefined) return { problems: [first, ...others] };
  if (!file.ok) throw new Error('a file without a problem is valid');
  const cases = file.value.cases.map(({ input, output }) => ({ input, output }));
  return { golden: { tolerance: file.value.tolerance, cases } };
}

/** So many golden predictions of those that there are, spread evenly over them. */
export function someOf(golden: GoldenPredictions, most: number): GoldenPredictions {
  const { cases, tolerance } = golden;
  if (cases.length <= most) return golden;
  const chosen = Array.from({ length: most }, (_, index) => Math.floor((index * cases.length) / most));
  return { tolerance, cases: chosen.flatMap((index) => cases[index] ?? []) };
}

function caseProblems(model: Pick<Model, 'input' | 'output'>, one: GoldenCase, path: string): string[] {
  const input = validate(model.input, one.input, `${path}/input`);
  const unknown = Object.keys(one.output).filter((field) => !Object.hasOwn(model.output.shape, field));
  return [
    ...(input.ok ? [] : input.errors.map(({ path: place, detail }) => `${place}: ${detail}`)),
    ...unknown.map((field) => `${path}/output/${field}: the model's output has no such field.`),
    ...(Object.keys(one.output).length === 0 ? [`${path}/output: names nothing to compare.`] : []),
  ];
}
