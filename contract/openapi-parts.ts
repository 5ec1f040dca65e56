import type { JsonSchema } from './json-schema.ts';
import type { ProblemCode } from './problems.ts';

/** Problems of every request with a body. */
export const BODY: readonly ProblemCode[] = [
  'missing-body',
  'invalid-json',
  'invalid-request',
  'invalid-input',
  'payload-too-large',
];

/** What one route takes and answers. */
export interface Exchange {
  /** Headers. @default - none but the API key */
  readonly parameters?: readonly JsonSchema[];
  readonly request?: JsonSchema;
  readonly status: number;
  readonly description: string;
  readonly response: JsonSchema;
  readonly problems: readonly ProblemCode[];
  readonly headers?: JsonSchema;
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
