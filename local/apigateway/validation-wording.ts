import type { ErrorObject } from 'ajv';

type Wording = (parameters: Readonly<Record<string, unknown>>, data: unknown, schema: unknown) => string;

/** API Gateway's sentences, by JSON Schema keyword. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  type: ({ type }, data) =>
    `instance type (${typeName(data)}) does not match any allowed primitive type (allowed: ${list(allowedTypes(type))})`,
  enum: ({ allowedValues }, data) =>
    `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${JSON.stringify(allowedValues)})`,
  minimum: ({ limit, comparison }, data) =>
    comparison === '>'
      ? `numeric instance is not strictly greater than the required minimum ${limit}`
      : `numeric instance is lower than the required minimum (minimum: ${limit}, found: ${data})`,
  maximum: ({ limit, comparison }, data) =>
    comparison === '<'
      ? `numeric instance is not strictly lower than the required maximum ${limit}`
      : `numeric instance is greater than the required maximum (maximum: ${limit}, found: ${data})`,
  multipleOf: ({ multipleOf }, data) => `remainder of division is not zero (${data} / ${multipleOf})`,
  minLength: ({ limit }, data) =>
    `string ${JSON.stringify(data)} is too short (length: ${[...String(data)].length}, required minimum: ${limit})`,
  maxLength: ({ limit }, data) =>
    `string ${JSON.stringify(data)} is too long (length: ${[...String(data)].length}, maximum allowed: ${limit})`,
  pattern: ({ pattern }, data) =>
    `ECMA 262 regex "${pattern}" does not match input string ${JSON.stringify(data)}`,
  minItems: ({ limit }, data) =>
    `array is too short: must have at least ${limit} elements but instance has ${size(data)} elements`,
  maxItems: ({ limit }, data) =>
    `array is too long: must have at most ${limit} elements but instance has ${size(data)} elements`,
  uniqueItems: () => 'array must not contain duplicate elements',
  minProperties: ({ limit }, data) =>
    `object has too few properties (found ${size(data)} but schema requires at least ${limit})`,
  maxProperties: ({ limit }, data) =>
    `object has too many properties (found ${size(data)} but schema requires at most ${limit})`,
  anyOf: (_, __, schema) => `instance failed to match at least one required schema among ${size(schema)}`,
  oneOf: ({ passingSchemas }, _, schema) =>
    `instance failed to match exactly one schema (matched ${size(passingSchemas ?? [])} out of ${size(schema)})`,
  not: () => 'instance matched a schema which it should not have',
};

/** The errors of one validation as API Gateway puts them in `$context.error.validationErrorString`. */
export function describeErrors(errors: readonly ErrorObject[]): string {
  const sentences: string[] = [];
  // Properties of one object are named together, where the first of them occurs.
  for (const group of groupByObject(errors)) {
    const [first] = group;
    if (first === undefined) continue;
    const names = group.map((one) => one.params.missingProperty ?? one.params.additionalProperty);
    if (first.keyword === 'required')
      sentences.push(`object has missing required properties (${list(names)})`);
    else if (first.keyword === 'additionalProperties') {
      sentences.push(`object instance has properties which are not allowed by the schema: ${list(names)}`);
    } else
      sentences.push(
        WORDINGS[first.keyword]?.(first.params, first.data, first.schema) ?? first.message ?? first.keyword,
      );
  }
  return `[${sentences.join(', ')}]`;
}

function groupByObject(errors: readonly ErrorObject[]): readonly ErrorObject[][] {
  const groups = new Map<string, ErrorObject[]>();
  errors.forEach((error, index) => {
    const shared = error.keyword === 'required' || error.keyword === 'additionalProperties';
    // What fails within one branch of anyOf or oneOf is summed up by the branch's own error.
    if (/\/(?:anyOf|oneOf)\/\d+\//.test(error.schemaPath)) return;
    const key = shared ? `${error.keyword} ${error.instancePath} ${error.schemaPath}` : String(index);
    groups.set(key, [...(groups.get(key) ?? []), error]);
  });
  return [...groups.values()];
}

function list(values: readonly unknown[]): string {
  return JSON.stringify(values.map(String).toSorted());
}

/** Every integer is a number, and is named with it. */
function allowedTypes(type: unknown): readonly unknown[] {
  const types = [type].flat();
  return types.includes('number') && !types.includes('integer') ? ['integer', ...types] : types;
}

function size(value: unknown): number {
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

function typeName(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  if (typeof data === 'number') return Number.isInteger(data) ? 'integer' : 'number';
  return typeof data;
}
