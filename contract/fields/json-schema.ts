import { z } from 'zod';
import { formatNames } from '../images/image-check.ts';
import { alternativesOf } from './alternatives.ts';
import { type ImageDeclaration, imageDeclaration } from './image.ts';
import { type QuantityDeclaration, quantityDeclaration } from './quantity.ts';
import { ULID } from './ulid.ts';

/** A JSON Schema (draft 2020-12, the dialect of OpenAPI 3.1). */
export type JsonSchema = Record<string, unknown>;

/** The schema of what a client sends: quantities as a number or as `{ value, unit }`, images as files or uploads. */
export function inputJsonSchema(schema: z.ZodObject): JsonSchema {
  return generate(schema, 'input', quantityInputSchema);
}

/** The schema of what leaves the API: quantities as `{ value, unit }`. */
export function outputJsonSchema(schema: z.ZodObject): JsonSchema {
  return generate(schema, 'output', quantityOutputSchema);
}

function generate(
  schema: z.ZodObject,
  io: 'input' | 'output',
  ofQuantity: (declaration: QuantityDeclaration) => JsonSchema,
): JsonSchema {
  const { $schema: _, ...document } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const quantity = quantityDeclaration(zodSchema);
      if (quantity !== undefined && !isWrapper(zodSchema)) Object.assign(jsonSchema, ofQuantity(quantity));
      const image = imageDeclaration(zodSchema);
      if (image !== undefined && !isWrapper(zodSchema)) Object.assign(jsonSchema, imageInputSchema(image));
      // The schema library leaves out a default that stands behind a conversion; a quantity's default needs none.
      if (quantity !== undefined && hasDefault(zodSchema))
        jsonSchema.default = zodSchema._zod.def.defaultValue as number;
      const alternatives = alternativesOf(zodSchema);
      if (alternatives.length > 0) Object.assign(jsonSchema, { allOf: alternatives.map(exactlyOne) });
    },
  }) as JsonSchema;
  return document;
}

/** An optional or defaulted field keeps its own keywords; the quantity inside of it gets the schema. */
function isWrapper(schema: z.core.$ZodType): boolean {
  return 'innerType' in schema._zod.def;
}

function hasDefault(schema: z.core.$ZodType): schema is z.core.$ZodDefault {
  return schema._zod.def.type === 'default';
}

function quantityInputSchema(declaration: QuantityDeclaration): JsonSchema {
  const { unit, description, example, min, max } = declaration;
  return {
    description: `${description} [${unit.text}]`,
    examples: [example, { value: example, unit: unit.text }],
    anyOf: [
      {
        type: 'number',
        ...(min === undefined ? {} : { minimum: min }),
        ...(max === undefined ? {} : { maximum: max }),
      },
      {
        type: 'object',
        properties: { value: { type: 'number' }, unit: { type: 'string', examples: [unit.text] } },
        required: ['value', 'unit'],
        additionalProperties: false,
      },
    ],
    ...unitKeywords(declaration),
  };
}

function quantityOutputSchema(declaration: QuantityDeclaration): JsonSchema {
  const { unit, description, example } = declaration;
  return {
    type: 'object',
    description: `${description} [${unit.text}]`,
    examples: [{ value: example, unit: unit.text }],
    properties: { value: { type: 'number' }, unit: { type: 'string', examples: [unit.text] } },
    required: ['value', 'unit'],
    additionalProperties: false,
    ...unitKeywords(declaration),
  };
}

function unitKeywords({ unit, commodity, expected }: QuantityDeclaration): JsonSchema {
  return {
    'x-unit': unit.text,
    ...(commodity === undefined ? {} : { 'x-commodity': commodity }),
    ...(expected === undefined ? {} : { 'x-expected': expected }),
  };
}

function imageInputSchema(declaration: ImageDeclaration): JsonSchema {
  const { description, example, formats, maxPixels, maxBytes } = declaration;
  const data = {
    type: 'string',
    contentEncoding: 'base64',
    maxLength: 4 * Math.ceil(maxBytes / 3),
    description: 'The file in base64.',
  };
  const upload = {
    type: 'string',
    pattern: ULID.source,
    description: 'The uploadId that POST /uploads answered.',
  };
  return {
    description: `${description} [${formatNames(formats)}]`,
    examples: [example],
    oneOf: [
      { type: 'object', properties: { data }, required: ['data'], additionalProperties: false },
      { type: 'object', properties: { upload }, required: ['upload'], additionalProperties: false },
    ],
    'x-image': { formats, maxPixels, maxBytes },
  };
}

/** One whole group, and no field of the others. */
function exactlyOne(groups: readonly (readonly string[])[]): JsonSchema {
  return {
    oneOf: groups.map((group) => ({
      required: group,
      not: {
        anyOf: groups
          .filter((other) => other !== group)
          .flatMap((other) => other.map((name) => ({ required: [name] }))),
      },
    })),
  };
}
