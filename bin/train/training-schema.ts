import type { z } from 'zod';
import { inputJsonSchema, type JsonSchema } from '../../contract/fields/json-schema.ts';

/**
 * The JSON Schema (2020-12) of one training row, `{ "input": {…}, "output": {…} }`, from a model's contract: quantities
 * are numbers in the declared unit, or `{ value, unit }`.
 */
export function trainingSchema(model: {
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
}): JsonSchema {
  return {
    type: 'object',
    properties: { input: inputJsonSchema(model.input), output: inputJsonSchema(model.output) },
    required: ['input', 'output'],
    additionalProperties: false,
  };
}
