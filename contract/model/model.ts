import { z } from 'zod';
import { alternativesOf } from '../fields/alternatives.ts';
import { imageDeclaration } from '../fields/image.ts';
import { quantityDeclaration } from '../fields/quantity.ts';
import { validate } from '../fields/validation.ts';
import type { ImageSummary, ReceivedImage } from '../images/received-image.ts';
import type { Tensor } from '../tensors/tensors.ts';

interface ModelBase<I extends z.ZodObject, O extends z.ZodObject> {
  /** Kebab case, 3 to 40 characters: the folder's name, the stage's name and a part of every resource's name. */
  readonly name: string;
  /** Semantic version of the contract and the model together. */
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** The input's fields. Unknown fields are rejected: use `z.strictObject`. */
  readonly input: I;
  /** The answer's fields. */
  readonly output: O;
  /** What is observed later and reported as feedback; the output's fields where absent. */
  readonly feedback?: z.ZodObject;
}

/** A model that is pure mathematics. */
export interface ComputedModel<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject>
  extends ModelBase<I, O> {
  predict(input: z.output<I>): z.output<O>;
}

/** A model with a trained artifact, served by a model server that speaks tensors. */
export interface ArtifactModel<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject>
  extends ModelBase<I, O> {
  /** A file in the model's `artifacts/` folder. */
  readonly artifact: string;
  /** Encodes validated inputs as tensors whose first dimension is the batch. */
  preprocess(inputs: readonly z.output<I>[]): readonly Tensor[];
  /** Decodes the model's tensors: one answer for each input, in the same order. */
  postprocess(outputs: readonly Tensor[], inputs: readonly Kept<z.output<I>>[]): readonly z.output<O>[];
}

/**
 * What is left of inputs once the model has answered: of an image its summary, because an asynchronous answer may come
 * hours later and elsewhere.
 */
export type Kept<T> = { readonly [K in keyof T]: KeptValue<T[K]> };
type KeptValue<V> = V extends ReceivedImage ? ImageSummary : V;

export type Model<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> =
  | ComputedModel<I, O>
  | ArtifactModel<I, O>;

/** Whether a model brings a trained artifact, and so needs a model server. */
export function hasArtifact(model: Model): model is ArtifactModel {
  return 'artifact' in model;
}

/**
 * Declares a model.
 * @throws {ContractError} that lists everything wrong with the declaration.
 */
export function defineModel<I extends z.ZodObject, O extends z.ZodObject>(
  model: ComputedModel<I, O>,
): ComputedModel<I, O>;
export function defineModel<I extends z.ZodObject, O extends z.ZodObject>(
  model: ArtifactModel<I, O>,
): ArtifactModel<I, O>;
export function defineModel(model: Model): Model {
  const problems = [
    ...headProblems(model),
    ...fieldProblems('input', model.input),
    ...fieldProblems('output', model.output),
    ...(model.feedback === undefined ? [] : fieldProblems('feedback', model.feedback)),
    ...exampleProblems('input', model.input),
    ...exampleProblems('output', model.output),
  ];
  if (problems.length > 0) throw new ContractError(model.name, problems);
  return model;
}

/** A model or deployment that is declared wrongly: found when the declaration is loaded, before anything is synthesized. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly problems: readonly string[];

  constructor(subject: string, problems: readonly string[]) {
    super(`${subject}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** What is observed: the schema that feedback's `actual` follows. */
export function feedbackSchema(model: Model): z.ZodObject {
  return model.feedback ?? model.output;
}

/** The fields' own examples put together: of fields that exclude one another, the first group. */
export function exampleOf(schema: z.ZodObject): Record<string, unknown> {
  const unused = new Set(alternativesOf(schema).flatMap((groups) => groups.slice(1).flat()));
  const entries = Object.entries(schema.shape)
    .filter(([name]) => !unused.has(name))
    .map(([name, field]) => [name, fieldExample(field)] as const)
    .filter(([, example]) => example !== undefined);
  return Object.fromEntries(entries);
}

/** A field's example, looking through `.optional()`, `.default()` and the like. */
export function fieldExample(field: z.core.$ZodType): unknown {
  return quantityDeclaration(field)?.example ?? fieldMeta(field)?.examples?.[0];
}

/** A field's description, looking through `.optional()`, `.default()` and the like. */
export function fieldDescription(field: z.core.$ZodType): string | undefined {
  return quantityDeclaration(field)?.description ?? fieldMeta(field)?.description;
}

interface FieldMeta {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

function fieldMeta(field: z.core.$ZodType): FieldMeta | undefined {
  const meta = z.globalRegistry.get(field) as FieldMeta | undefined;
  if (meta !== undefined) return meta;
  const { innerType } = field._zod.def as { innerType?: z.core.$ZodType };
  return innerType === undefined ? undefined : fieldMeta(innerType);
}

function headProblems(model: Model): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(model.name)) {
    problems.push(`the name "${model.name}" is not kebab case of 3 to 40 characters`);
  }
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(model.version)) {
    problems.push(`the version "${model.version}" is not a semantic version, such as 1.0.0`);
  }
  if (model.title.trim() === '') problems.push('the title is empty');
  if (model.description.trim() === '') problems.push('the description is empty');
  if ('artifact' in model && 'predict' in model) {
    problems.push('it has both "artifact" and "predict": a model is served by one of them');
  }
  return problems;
}

/** What is wrong with the fields' examples, taken together as a request would bring them. */
function exampleProblems(part: string, schema: z.ZodObject): string[] {
  const example = validate(schema, exampleOf(schema), `/${part}`);
  if (example.ok) return [];
  // A field without an example is told by itself.
  const told = example.errors.filter(({ code }) => code !== 'missing-field');
  return told.map(({ path, detail }) => `the example at ${path}: ${detail}`);
}

/**
 * What is wrong with what the model's own functions make of its example: a slip in them shows here and not at the first
 * request. It is for synthesis; a function that is deployed has been through it, and need not do it at each start.
 */
export function trialProblems(model: Model): string[] {
  const input = model.input.parse(exampleOf(model.input));
  try {
    if (hasArtifact(model)) return tensorProblems(model.preprocess([input]));
    const output = validate(model.output, model.predict(input), '/prediction');
    return output.ok
      ? []
      : output.errors.map(({ path, detail }) => `predict answers its example wrongly at ${path}: ${detail}`);
  } catch (error) {
    return [
      `${hasArtifact(model) ? 'preprocess' : 'predict'} fails on its example: ${(error as Error).message}`,
    ];
  }
}

function tensorProblems(tensors: readonly Tensor[]): string[] {
  return tensors.flatMap(({ name, shape, data }) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return size === data.length
      ? []
      : [
          `preprocess makes a tensor "${name}" of shape [${shape.join(', ')}] with ${data.length} elements instead of ${size}`,
        ];
  });
}

function fieldProblems(part: string, schema: z.ZodObject): string[] {
  const problems: string[] = [];
  if (part !== 'output' && !refusesUnknownFields(schema)) {
    problems.push(`${part}: unknown fields would pass unseen; declare it with z.strictObject`);
  }
  for (const [name, field] of Object.entries(schema.shape)) {
    const declared = [...(quantityDeclaration(field)?.problems ?? []), ...imageProblems(part, field)];
    problems.push(...declared.map((problem) => `${part}.${name}: ${problem}`));
    if ((fieldDescription(field) ?? '').trim() === '')
      problems.push(`${part}.${name}: has no description; add .meta({ description })`);
    if (fieldExample(field) === undefined)
      problems.push(`${part}.${name}: has no example; add .meta({ examples: [...] })`);
  }
  return problems;
}

function imageProblems(part: string, field: z.core.$ZodType): readonly string[] {
  const declaration = imageDeclaration(field);
  if (declaration === undefined) return [];
  return part === 'input' ? declaration.problems : ['an image can be an input only'];
}

function refusesUnknownFields(schema: z.ZodObject): boolean {
  return schema._zod.def.catchall?._zod.def.type === 'never';
}
