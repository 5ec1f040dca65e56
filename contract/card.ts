import { inputJsonSchema, type JsonSchema, outputJsonSchema } from './json-schema.ts';
import { exampleOf, type Model } from './model.ts';

/** What `GET /model` answers: what the model promises, for people and for programs. */
export interface ModelCard {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly objectives: { readonly availabilityPercent: number; readonly latencyP95Ms: number };
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly example: { readonly input: Record<string, unknown> };
}

/** The card of a model that is held to these objectives. */
export function modelCard(model: Model, objectives: ModelCard['objectives']): ModelCard {
  return {
    name: model.name,
    version: model.version,
    title: model.title,
    description: model.description,
    objectives,
    input: inputJsonSchema(model.input),
    output: outputJsonSchema(model.output),
    example: { input: exampleOf(model.input) },
  };
}
