import type { JsonSchema } from '../fields/json-schema.ts';
import { ULID } from '../fields/ulid.ts';
import type { Model } from '../model/model.ts';
import type { Step } from './steps.ts';

/** What one route takes and answers. */
export interface Exchange {
  /** Headers. @default - none but the API key */
  readonly parameters?: readonly JsonSchema[];
  readonly request?: JsonSchema;
  readonly status: number;
  readonly description: string;
  readonly response: JsonSchema;
  /** What the operation does: its problems follow from it. */
  readonly steps: readonly Step[];
  readonly headers?: JsonSchema;
  /** What the caller may be sent later, in OpenAPI's spelling. @default - nothing */
  readonly callbacks?: JsonSchema;
}

/** A reference to a schema of the document. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A closed object; every property is required unless `required` names others. */
export function object(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An id that the API gives out. */
export const ID: JsonSchema = { type: 'string', pattern: ULID.source, description: 'A ULID.' };

export const WARNINGS: JsonSchema = { type: 'array', items: ref('Warning') };

/** What every answer says of who made it. */
export function aboutProperties({ name }: Pick<Model, 'name'>): Readonly<Record<string, JsonSchema>> {
  return {
    model: { type: 'string', const: name },
    version: { type: 'string' },
    variant: { type: 'string', description: 'The variant of the model that answers.' },
  };
}
