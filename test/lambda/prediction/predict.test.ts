import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';
import { type PredictPorts, predict } from '../../../lambda/prediction/predict.ts';
import { predictorFor } from '../../../lambda/predictors/in-process.ts';
import { countedByVariant } from '../support/counted.ts';
import { computed, REQUEST_ID, request } from '../support/ports.ts';

const NOW = Date.parse('2026-05-04T03:02:01Z');
let captured: PredictionRecord[];
let counted: readonly string[];
let ports: PredictPorts;

beforeEach(() => {
  captured = [];
  counted = countedByVariant();
  let serial = 0;
  ports = {
    model: computed,
    predictor: predictorFor(computed),
    capture: async (records) => {
      captured.push(...records);
    },
    variant: 'champion',
    retentionDays: 10,
    now: () => NOW,
    newId: () => `ID${++serial}`,
  };
});

afterEach(() => vi.restoreAllMocks());

const ask = (body: unknown) => predict(ports, request({ body: JSON.stringify(body) }));

async function problemOf(answer: Promise<unknown>): Promise<ProblemError> {
  const error = await answer.then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`not a problem: ${error}`);
}

describe('POST /predictions', () => {
  it('counts what the variant answered', async () => {
    ports = { ...ports, variant: 'ridge' };
    await ask({ inputs: [{ area: 2 }, { area: 3 }] });
    expect(counted).toEqual(['Predictions ridge 2']);
  });

  it('answers one input with its id, version, variant and unit', async () => {
    expect(await ask({ input: { area: 2 } })).toEqual({
      status: 200,
      body: {
        predictionId: 'ID1',
        model: 'harvest',
        version: '1.2.3',
        variant: 'champion',
        prediction: { harvest: { value: 6, unit: 't' } },
        warnings: [],
      },
    });
  });

  it('refuses to call back what it answers at once', async () => {
    const url = 'https://hooks.example.com/';
    const asked = predict(ports, request({ body: '{"input":{"area":2}}', callbackUrl: url }));

    expect(await problemOf(asked)).toMatchObject({ code: 'invalid-callback' });
    expect(captured).toEqual([]);
  });

  it('answers a list in the same order', async () => {
    const { body } = await ask({ inputs: [{ area: 1 }, { area: { value: 20_000, unit: 'm2' } }] });
    expect(body).toEqual({
      model: 'harvest',
      version: '1.2.3',
      variant: 'champion',
      predictions: [
        { predictionId: 'ID1', prediction: { harvest: { value: 3, unit: 't' } }, warnings: [] },
        { predictionId: 'ID2', prediction: { harvest: { value: 6, unit: 't' } }, warnings: [] },
      ],
    });
  });

  it('answers in the unit that was asked for, and keeps the declared one', async () => {
    const { body } = await ask({ input: { area: 2 }, units: { harvest: 'kg' } });
    expect(body).toMatchObject({ prediction: { harvest: { value: 6000, unit: 'kg' } } });
    expect(captured[0]?.prediction).toEqual({ harvest: { value: 6, unit: 't' } });
  });

  it('serves and flags what lies outside of the expected range', async () => {
    const { body } = await ask({ input: { area: 101 } });
    expect(body).toMatchObject({
      warnings: [
        {
          path: '/input/area',
          code: 'outside-expected-range',
          detail: '101 ha is outside what the model was made for: a value of at most 100 ha.',
        },
      ],
    });
  });

  it('captures what was asked and answered, readable without the contract', async () => {
    await ask({ input: { area: 2 } });
    expect(captured).toEqual([
      {
        predictionId: 'ID1',
        record: 'prediction',
        model: 'harvest',
        version: '1.2.3',
        variant: 'champion',
        createdAt: '2026-05-04T03:02:01.000Z',
        input: { area: { value: 2, unit: 'ha' } },
        prediction: { harvest: { value: 6, unit: 't' } },
        warnings: [],
        requestId: REQUEST_ID,
        traceId: 'Root=1-65f0c0de-000000000000000000000001',
        expiresAt: NOW / 1000 + 10 * 86_400,
      },
    ]);
  });

  it.each([
    ['no body', null, 'missing-body', ''],
    ['a blank body', '  ', 'missing-body', ''],
    ['a body that is not JSON', '{"input": ', 'invalid-json', ''],
    ['NaN', '{"input":{"area":NaN}}', 'invalid-json', ''],
    ['an array', '[]', 'invalid-request', ' wrong-type'],
    ['neither input nor inputs', '{}', 'invalid-request', ' missing-field'],
    [
      'both input and inputs',
      '{"input":{"area":1},"inputs":[{"area":1}]}',
      'invalid-request',
      ' conflicting-fields',
    ],
    ['an unknown part', '{"input":{"area":1},"unit":"kg"}', 'invalid-request', '/unit unknown-field'],
    ['no inputs', '{"inputs":[]}', 'invalid-request', '/inputs out-of-bounds'],
    ['1e999', '{"input":{"area":1e999}}', 'invalid-input', '/input/area not-finite'],
    [
      'one bad input of three',
      '{"inputs":[{"area":1},{"area":1},{"area":"1"}]}',
      'invalid-input',
      '/inputs/2/area wrong-type',
    ],
    [
      'a unit for no field',
      '{"input":{"area":1},"units":{"area":"kg"}}',
      'invalid-input',
      '/units/area unknown-field',
    ],
    [
      'a unit of another dimension',
      '{"input":{"area":1},"units":{"harvest":"m"}}',
      'invalid-input',
      '/units/harvest unit-dimension-mismatch',
    ],
    ['a prototype as a field', '{"input":{"area":1,"__proto__":{"x":1}}}', 'invalid-json', ''],
    [
      'an inherited name as a unit',
      '{"input":{"area":1},"units":{"toString":"kg"}}',
      'invalid-input',
      '/units/toString unknown-field',
    ],
  ])('refuses %s', async (_, body, code, item) => {
    const problem = await problemOf(predict(ports, request({ body })));
    expect(problem.code).toBe(code);
    if (item !== '') expect(problem.errors.map((error) => `${error.path} ${error.code}`)).toContain(item);
    expect(captured).toEqual([]);
  });

  it('tells mistakes of the form and of the fields together', async () => {
    const problem = await problemOf(ask({ input: { area: 'x' }, extra: 1, units: { harvest: 'degC' } }));
    expect(problem.code).toBe('invalid-request');
    expect(problem.errors.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      '/extra unknown-field',
      '/input/area wrong-type',
      '/units/harvest unit-dimension-mismatch',
    ]);
  });

  it('names the unit that was sent, and what it should measure', async () => {
    const problem = await problemOf(ask({ input: { area: 1 }, units: { harvest: 'degC' } }));
    expect(problem.message).toContain(
      '"degC" measures temperature, but mass is expected. Send one of: t, kg',
    );
  });

  it('shortens what a client sends as the name of a field', async () => {
    const problem = await problemOf(ask({ input: { area: 1, ['k'.repeat(300_000)]: 1 } }));
    expect(JSON.stringify(problem.errors).length).toBeLessThan(500);
  });

  it('takes a byte order mark for what it is', async () => {
    const { status } = await predict(ports, request({ body: '\uFEFF{"input":{"area":1}}' }));
    expect(status).toBe(200);
  });

  it('says how many inputs are too many', async () => {
    const problem = await problemOf(ask({ inputs: Array.from({ length: 1001 }, () => ({ area: 1 })) }));
    expect(problem.code).toBe('too-many-inputs');
    expect(problem.message).toBe('Got 1001 inputs; one request holds at most 1000. Send several requests.');
  });

  it('refuses a body that would not pass the function', async () => {
    const problem = await problemOf(predict(ports, request({ body: ' '.repeat(5_500_001) })));
    expect(problem.code).toBe('payload-too-large');
    expect(problem.message).toContain('5500001 bytes; at most 5500000');
  });

  it('lists at most fifty places, and says how many there are', async () => {
    const problem = await problemOf(ask({ inputs: Array.from({ length: 200 }, () => ({})) }));
    expect(problem.errors).toHaveLength(50);
    expect(problem.message).toContain('(and 199 more)');
  });

  it.each(['/input', '/inputs/0', ''])(
    'lists the first of 125,000 fields that nobody knows, below "%s"',
    async (at) => {
      const fields = Object.fromEntries(Array.from({ length: 125_000 }, (_, index) => [`f${index}`, 1]));
      const bodies = new Map<string, unknown>([
        ['/input', { input: { area: 1, ...fields } }],
        ['/inputs/0', { inputs: [{ area: 1, ...fields }] }],
        ['', { input: { area: 1 }, ...fields }],
      ]);
      const problem = await problemOf(ask(bodies.get(at)));

      expect(problem.errors[0]).toMatchObject({ path: `${at}/f0`, code: 'unknown-field' });
      expect(problem.errors).toHaveLength(50);
      expect(problem.message).toContain('(and 124999 more)');
    },
  );

  it('refuses 100,000 units that are asked for, of which the model has none', async () => {
    const units = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, 'kg']));
    const problem = await problemOf(ask({ input: { area: 1 }, units }));

    expect(problem.code).toBe('invalid-input');
    expect(problem.message).toContain('(and 99999 more)');
  });

  it.each(['[', '{"a":'])('refuses what is nested a hundred thousand times: %s', async (opening) => {
    const closing = opening === '[' ? ']' : '}';
    const nested = `${opening.repeat(100_000)}1${closing.repeat(100_000)}`;
    const problem = await problemOf(predict(ports, request({ body: `{"input":{"area":${nested}}}` })));

    expect(['invalid-input', 'invalid-json']).toContain(problem.code);
  });

  it('keeps nothing of an answer that is too large for the unit asked for', async () => {
    ports = { ...ports, predictor: { predict: async () => [{ harvest: 1e300 }] } };
    const problem = await problemOf(ask({ input: { area: 1 }, units: { harvest: 'pg' } }));

    expect(problem.code).toBe('invalid-input');
    expect(problem.errors).toEqual([
      {
        path: '/units/harvest',
        code: 'not-finite',
        detail: 'The answer is too large to be a number of pg. Ask for a larger unit, or for t.',
      },
    ]);
    expect(captured).toEqual([]);
  });

  it('answers model-error where the model breaks its own contract', async () => {
    ports = { ...ports, predictor: { predict: async () => [{ harvest: Number.NaN }] } };
    expect((await problemOf(ask({ input: { area: 1 } }))).code).toBe('model-error');
    expect(captured).toEqual([]);
  });
});
