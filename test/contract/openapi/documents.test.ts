import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { modelCard } from '../../../contract/api/card.ts';
import { ROUTES } from '../../../contract/api/routes.ts';
import { exactlyOneOf } from '../../../contract/fields/alternatives.ts';
import { inputJsonSchema } from '../../../contract/fields/json-schema.ts';
import { quantity } from '../../../contract/fields/quantity.ts';
import { validate } from '../../../contract/fields/validation.ts';
import {
  ContractError,
  defineModel,
  exampleOf,
  type Model,
  trialProblems,
} from '../../../contract/model/model.ts';
import { openApiDocument } from '../../../contract/openapi/openapi.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { model as evapotranspiration } from '../../../models/reference-evapotranspiration/model.ts';

const MODELS: Model[] = [barley, evapotranspiration];

function schemaValidator(model: Model) {
  return new Ajv2020({ strict: false, validateFormats: false }).compile(inputJsonSchema(model.input));
}

describe('the JSON Schema of an input', () => {
  it.each(MODELS)("takes $name's own example, as the contract does", (model) => {
    const example = exampleOf(model.input);
    expect(schemaValidator(model)(example)).toBe(true);
    expect(validate(model.input, example).ok).toBe(true);
  });

  it('excludes alternatives of one another', () => {
    const accepts = schemaValidator(evapotranspiration);
    const example = exampleOf(evapotranspiration.input);
    expect(accepts({ ...example, actualVapourPressure: 1.4 })).toBe(false);
    const { relativeHumidityMin: _, ...half } = example;
    expect(accepts(half)).toBe(false);
    const { relativeHumidityMax: __, ...none } = half;
    expect(accepts(none)).toBe(false);
    expect(accepts({ ...none, actualVapourPressure: { value: 14, unit: 'hPa' } })).toBe(true);
  });

  it('states units, bounds and defaults', () => {
    const { properties } = inputJsonSchema(evapotranspiration.input) as {
      properties: Record<string, object>;
    };
    expect(properties.windHeight).toMatchObject({
      default: 2,
      'x-unit': 'm',
      anyOf: [{ minimum: 0.5, maximum: 200 }, {}],
    });
    expect(properties.temperatureMax).toMatchObject({ 'x-expected': { min: -20, max: 50 } });
  });

  it('never refuses what the contract takes', () => {
    const accepts = schemaValidator(evapotranspiration);
    const quantityOf = (value: fc.Arbitrary<number>, unit: string) =>
      fc.oneof(value, fc.record({ value, unit: fc.constant(unit) }));
    const input = fc.record(
      {
        date: fc.constantFrom('2015-07-06', '2016-02-29', '2015-02-29', 'today'),
        latitude: quantityOf(fc.integer({ min: -80, max: 80 }), 'deg'),
        elevation: fc.integer({ min: -500, max: 7000 }),
        temperatureMax: quantityOf(fc.integer({ min: 0, max: 70 }), 'degC'),
        temperatureMin: fc.integer({ min: -70, max: 0 }),
        relativeHumidityMax: fc.integer({ min: 50, max: 110 }),
        relativeHumidityMin: fc.integer({ min: -5, max: 50 }),
        actualVapourPressure: quantityOf(fc.double({ min: 0, max: 1, noNaN: true }), 'kPa'),
        windSpeed: fc.integer({ min: 0, max: 61 }),
        sunshineDuration: fc.integer({ min: 0, max: 9 }),
        solarRadiation: fc.integer({ min: 0, max: 51 }),
      },
      { requiredKeys: ['date', 'latitude', 'elevation', 'temperatureMax', 'temperatureMin', 'windSpeed'] },
    );
    fc.assert(
      fc.property(input, (value) => {
        if (validate(evapotranspiration.input, value).ok) expect(accepts(value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the OpenAPI document', () => {
  it.each(MODELS)('of $name has every route with its problems, and examples that hold', (model) => {
    const document = openApiDocument(model, `/${model.name}`, 'api-key') as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, object> };
    };
    for (const { path, method } of ROUTES) {
      const { responses } = document.paths[path]?.[method.toLowerCase()] ?? { responses: {} };
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['403', '429', '500']));
    }
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile({
      $ref: '#/components/schemas/PredictionsRequest',
      components: document.components,
    });
    expect(accepts({ input: exampleOf(model.input) })).toBe(true);
    expect(accepts({ inputs: [exampleOf(model.input)], units: {} })).toBe(true);
    expect(accepts({ input: exampleOf(model.input), inputs: [] })).toBe(false);
    expect(accepts({})).toBe(false);
  });

  it.each([
    ['api-key', { apiKey: { in: 'header', name: 'x-api-key' } }, 'api-key-invalid', 'unauthorized'],
    ['jwt', { bearer: { type: 'http', scheme: 'bearer' } }, 'unauthorized', 'api-key-invalid'],
    [
      'iam',
      { sigv4: { name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } },
      'unauthorized',
      'api-key-invalid',
    ],
  ] as const)(
    'says how an API with %s is closed, and with what it refuses',
    (access, scheme, code, foreign) => {
      const document = openApiDocument(barley, '/barley-yield', access) as {
        security: readonly object[];
        paths: Record<string, Record<string, { responses: object }>>;
        components: { securitySchemes: object };
      };

      expect(document.components.securitySchemes).toMatchObject(scheme);
      expect(document.security).toEqual(Object.keys(scheme).map((name) => ({ [name]: [] })));
      const responses = JSON.stringify(document.paths['/health']?.get?.responses);
      expect(responses).toContain(code);
      expect(responses).not.toContain(foreign);
    },
  );
});

describe('the model card', () => {
  it('states what the model is held to', () => {
    const card = modelCard(barley, { availabilityPercent: 99.5, latencyP95Ms: 800 }, [
      { name: 'champion', version: '1.0.0', weight: 1 },
    ]);
    expect(card).toMatchObject({
      name: 'barley-yield',
      objectives: { latencyP95Ms: 800 },
      example: { input: { variety: 'Trebi' } },
    });
  });
});

describe('a declaration', () => {
  const fine = {
    name: 'harvest',
    version: '1.0.0',
    title: 'Harvest',
    description: 'Harvest.',
    input: z.strictObject({ area: quantity('ha', { description: 'Area', example: 1, min: 0 }) }),
    output: z.object({ mass: quantity('t', { description: 'Mass', example: 1 }) }),
    predict: () => ({ mass: 1 }),
  };

  it('tells all its mistakes at once', () => {
    const wrong = {
      ...fine,
      name: 'Harvest!',
      version: '1',
      input: z.object({ area: z.number(), soil: z.enum(['clay']).meta({ description: 'Soil' }) }),
    };
    let problems: readonly string[] = [];
    try {
      defineModel(wrong);
    } catch (error) {
      if (error instanceof ContractError) problems = error.problems;
    }
    expect(problems).toEqual([
      'the name "Harvest!" is not kebab case of 3 to 40 characters',
      'the version "1" is not a semantic version, such as 1.0.0',
      'input: unknown fields would pass unseen; declare it with z.strictObject',
      'input.area: has no description; add .meta({ description })',
      'input.area: has no example; add .meta({ examples: [...] })',
      'input.soil: has no example; add .meta({ examples: [...] })',
    ]);
  });

  it('refuses an example that its own contract refuses', () => {
    const input = z.strictObject({ area: quantity('ha', { description: 'Area', example: -1, min: 0 }) });
    expect(() => defineModel({ ...fine, input })).toThrow('the example at /input/area: Got -1 ha.');
  });

  it('is tried with its own example, where it is synthesized', () => {
    expect(trialProblems(defineModel(fine))).toEqual([]);
    const wrongAnswer = { ...fine, predict: () => ({ moan: 1 }) as never };
    expect(trialProblems(defineModel(wrongAnswer))).toEqual([
      'predict answers its example wrongly at /prediction/mass: Required. Send a quantity: 1 (in t) or {"value": 1, "unit": "t"}.',
    ]);
    const failing = {
      ...fine,
      predict: () => {
        throw new Error('oops');
      },
    };
    expect(trialProblems(defineModel(failing))).toEqual(['predict fails on its example: oops']);
    const { predict: _, ...rest } = fine;
    const short = {
      ...rest,
      artifact: 'model.onnx',
      preprocess: () => [{ name: 'x', shape: [1, 2], datatype: 'FP32' as const, data: [1] }],
      postprocess: () => [{ mass: 1 }],
    };
    expect(trialProblems(defineModel(short))).toEqual([
      'preprocess makes a tensor "x" of shape [1, 2] with 1 elements instead of 2',
    ]);
  });

  it('has a title and a description, and one way to answer', () => {
    const vague = { ...fine, title: ' ', description: '', artifact: 'model.onnx' };
    expect(() => defineModel(vague)).toThrow(
      /the title is empty[\s\S]*the description is empty[\s\S]*both "artifact" and "predict"/,
    );
  });

  it('asks for whole groups of alternatives', () => {
    const field = () => quantity('m', { description: 'A length', example: 1 }).optional();
    const schema = exactlyOneOf(z.strictObject({ a: field(), b: field(), c: field() }), [['a', 'b'], ['c']]);
    expect(exampleOf(schema)).toEqual({ a: 1, b: 1 });
    expect(validate(schema, { c: 1 }).ok).toBe(true);
    expect(validate(schema, { a: 1 })).toMatchObject({
      errors: [{ detail: 'Send b as well: a and b, or c.' }],
    });
    expect(validate(schema, {})).toMatchObject({ errors: [{ detail: 'Send a and b, or c.' }] });
    expect(validate(schema, { a: 1, c: 1 })).toMatchObject({
      errors: [{ detail: 'Send only one of: a and b, or c.' }],
    });
  });
});
