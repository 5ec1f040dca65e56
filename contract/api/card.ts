import { inputJsonSchema, type JsonSchema, outputJsonSchema } from '../fields/json-schema.ts';
import type { AnsweringVariant } from '../model/answering-variant.ts';
import { exampleOf, type Model } from '../model/model.ts';

/** What `GET /model` answers: what the model promises, for people and for programs. */
export interface ModelCard {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly objectives: { readonly availabilityPercent: number; readonly latencyP95Ms: number };
  /** What answers, by weight; a caller always gets the same one. */
  readonly variants: readonly AnsweringVariant[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly example: { readonly input: Record<string, unknown> };
}

/** The card of a model that is held to these objectives and answers with these variants. */
export function modelCard(
  model: Model,
  objectives: ModelCard['objectives'],
  variants: ModelCard['variants'],
): ModelCard {
  return {
    name: model.name,
    version: model.version,
    title: model.title,
    description: model.description,
    objectives,
    variants,
    input: inputJsonSchema(model.input),
    output: outputJsonSchema(model.output),
    example: { input: exampleOf(model.input) },
  };
}
