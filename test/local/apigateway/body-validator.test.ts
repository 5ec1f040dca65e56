import { describe, expect, test } from 'vitest';
import { Models } from '../../../local/apigateway/body-validator.ts';
import { GatewayError } from '../../../local/apigateway/gateway-error.ts';

const SCHEMAS = new Map<string, object>([
  ['Area', { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 10, multipleOf: 2 }],
  ['Crop', { enum: ['oats', 'rye'] }],
  ['Name', { type: 'string', minLength: 2, maxLength: 3, pattern: '^a' }],
  ['List', { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true }],
  ['Either', { anyOf: [{ type: 'string' }, { type: 'object', required: ['unit'] }] }],
  ['One', { oneOf: [{ type: 'string' }, { type: 'boolean' }] }],
  [
    'Field',
    {
      type: 'object',
      properties: { area: { $ref: 'https://apigateway.amazonaws.com/restapis/api1/models/Area' } },
    },
  ],
  [
    'Strict',
    { type: 'object', required: ['b', 'a'], additionalProperties: false, properties: { a: {}, b: {} } },
  ],
  ['Dangling', { $ref: 'https://apigateway.amazonaws.com/restapis/api1/models/Absent' }],
]);

const models = new Models('api1', SCHEMAS);

/** What the validation of a body against a model finds; undefined where nothing. */
function errorsOf(model: string, body: string, contentType: string | undefined = 'application/json') {
  try {
    models.validator({ 'application/json': model })(Buffer.from(body), contentType);
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.type).toBe('BAD_REQUEST_BODY');
    return error.validationErrors;
  }
}

describe('the wording', () => {
  test.each([
    ['Area', '0', '[numeric instance is not strictly greater than the required minimum 0]'],
    ['Area', '12', '[numeric instance is greater than the required maximum (maximum: 10, found: 12)]'],
    ['Area', '3', '[remainder of division is not zero (3 / 2)]'],
    [
      'Area',
      '"3"',
      '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    [
      'Area',
      'null',
      '[instance type (null) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    ['Crop', '"wheat"', '[instance value ("wheat") not found in enum (possible values: ["oats","rye"])]'],
    ['Name', '"a"', '[string "a" is too short (length: 1, required minimum: 2)]'],
    ['Name', '"abcd"', '[string "abcd" is too long (length: 4, maximum allowed: 3)]'],
    ['Name', '"bc"', '[ECMA 262 regex "^a" does not match input string "bc"]'],
    ['List', '[]', '[array is too short: must have at least 1 elements but instance has 0 elements]'],
    ['List', '[1,2,3]', '[array is too long: must have at most 2 elements but instance has 3 elements]'],
    ['List', '[1,1]', '[array must not contain duplicate elements]'],
    ['Either', '1', '[instance failed to match at least one required schema among 2]'],
    ['One', '1', '[instance failed to match exactly one schema (matched 0 out of 2)]'],
    [
      'Field',
      '{"area":11}',
      '[numeric instance is greater than the required maximum (maximum: 10, found: 11), remainder of division is not zero (11 / 2)]',
    ],
    ['Strict', '{}', '[object has missing required properties (["a","b"])]'],
    [
      'Strict',
      '{"a":1,"b":1,"d":1,"c":1}',
      '[object instance has properties which are not allowed by the schema: ["c","d"]]',
    ],
  ])('%s against %s', (model, body, expected) => {
    expect(errorsOf(model, body)).toBe(expected);
  });
});

describe('a validator', () => {
  test.each([
    ['application/json; charset=utf-8', '[object has missing required properties (["a","b"])]'],
    ['Application/JSON', '[object has missing required properties (["a","b"])]'],
    [undefined, '[object has missing required properties (["a","b"])]'],
    ['text/plain', undefined],
  ])('applies to the content type %s', (contentType, expected) => {
    let errors: string | undefined;
    try {
      models.validator({ 'application/json': 'Strict' })(Buffer.from('{}'), contentType);
    } catch (error) {
      errors = (error as GatewayError).validationErrors;
    }
    expect(errors).toBe(expected);
  });

  test('for $default applies to every other content type', () => {
    const validate = models.validator({ $default: 'Strict' });
    expect(() => validate(Buffer.from('{}'), 'text/plain')).toThrow(GatewayError);
  });

  test('for the model that every API has accepts any JSON', () => {
    expect(errorsOf('Empty', '[1]')).toBeUndefined();
  });

  test('names a model that is missing or not draft 4', () => {
    expect(() => models.validator({ 'application/json': 'Absent' })).toThrow('the API has no model Absent');
    expect(() => models.validator({ 'application/json': 'Dangling' })).toThrow(
      /^the model Dangling is not valid JSON Schema draft 4: /,
    );
    const modern = new Map([['Modern', { type: 'number', exclusiveMinimum: 0 }]]);
    expect(() => new Models('api1', modern)).toThrow(/^the model Modern is not valid JSON Schema draft 4: /);
  });
});
