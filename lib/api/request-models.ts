import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { Operation } from '../../contract/api/routes.ts';
import { takesImages } from '../../contract/fields/image.ts';
import { inputJsonSchema } from '../../contract/fields/json-schema.ts';
import { feedbackSchema, type Model } from '../../contract/model/model.ts';
import { uploadRequestSchema } from '../../contract/openapi/uploads.ts';
import { maxInputs } from '../../contract/requests/request-images.ts';

/**
 * The keywords of JSON Schema draft 4 that the contract uses. API Gateway refuses a model with keywords of other drafts
 * (API Gateway developer guide, "Data models for REST APIs").
 */
const DRAFT_4_KEYWORDS: ReadonlySet<string> = new Set([
  'additionalProperties',
  'allOf',
  'anyOf',
  'description',
  'enum',
  'items',
  'maximum',
  'maxItems',
  'maxLength',
  'minimum',
  'minItems',
  'minLength',
  'not',
  'oneOf',
  'pattern',
  'properties',
  'required',
  'type',
]);

/** Keywords whose value maps names to schemas. */
const MAPS_OF_SCHEMAS: ReadonlySet<string> = new Set(['properties']);

/** The body of each operation that has one, for the API's documentation and for the SDKs that AWS generates. */
export function requestModels(model: Model): Readonly<Partial<Record<Operation, JsonSchema>>> {
  const input = draft4(inputJsonSchema(model.input));
  return {
    predict: closedObject(
      {
        input,
        inputs: { type: 'array', items: input, minItems: 1, maxItems: maxInputs(model) },
        units: { type: 'object', additionalProperties: { type: 'string' } },
      },
      { oneOf: [{ required: ['input'] }, { required: ['inputs'] }] },
    ),
    feedback: closedObject(
      {
        actual: draft4(inputJsonSchema(feedbackSchema(model))),
        observedAt: { type: 'string' },
        source: { type: 'string', minLength: 1, maxLength: 200 },
      },
      { required: ['actual'] },
    ),
    ...(takesImages(model) ? { upload: draft4(uploadRequestSchema(model)) as JsonSchema } : {}),
  };
}

function closedObject(properties: Record<string, unknown>, more: object): JsonSchema {
  // The CDK types keywords by its own enums, whose values are the words of JSON Schema.
  return { type: 'object', properties, additionalProperties: false, ...more } as JsonSchema;
}

/** A schema without the keywords that draft 4 does not have, at every depth. */
function draft4(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(draft4);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => DRAFT_4_KEYWORDS.has(keyword))
      .map(([keyword, value]) => [
        keyword,
        MAPS_OF_SCHEMAS.has(keyword) ? mapValues(value, draft4) : draft4(value),
      ]),
  );
}

function mapValues(map: object, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
