import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BRUSSELS } from '../models/reference-evapotranspiration/brussels.ts';
import { artifactModels, goldenCases, skewAsList, skewOneByOne } from './golden.ts';
import { type LocalRun, startRun } from './run.ts';

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
});
afterAll(() => run.close());

/** One bushel of barley an acre in kg/ha: 48 lb of 0.45359237 kg on 4046.8564224 m2. */
const BUSHEL_PER_ACRE = (48 * 0.45359237) / 0.40468564224;

describe('reference-evapotranspiration over HTTP', () => {
  it('answers FAO-56 example 18', async () => {
    const { status, body } = await run.client('reference-evapotranspiration').predict({ input: BRUSSELS });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      model: 'reference-evapotranspiration',
      version: '1.0.0',
      variant: 'champion',
      warnings: [],
    });
    expect(body.predictionId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(body.prediction.et0.unit).toBe('mm/day');
    expect(Math.abs(body.prediction.et0.value - 3.88)).toBeLessThan(0.01);
  });

  it('answers a list in order, in the unit asked for', async () => {
    const inputs = [BRUSSELS, { ...BRUSSELS, windSpeed: 20 }];
    const { body } = await run
      .client('reference-evapotranspiration')
      .predict({ inputs, units: { et0: 'in/day' } });
    expect(body.predictions).toHaveLength(2);
    expect(body.predictions[0].prediction.et0.value * 25.4).toBeCloseTo(3.88, 2);
    expect(body.predictions[0].warnings).toEqual([]);
    expect(body.predictions[1].warnings).toMatchObject([
      { path: '/input/windSpeed', code: 'outside-expected-range' },
    ]);
  });
});

describe.each(await artifactModels())('the golden predictions of %s over HTTP', (name) => {
  const cases = goldenCases(name);

  it("equal the trainer's own output, one at a time and as a list", async () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(await skewOneByOne(run.client(name), cases)).toEqual([]);
    expect(await skewAsList(run.client(name), cases)).toEqual([]);
  });
});

describe('the models with golden predictions', () => {
  it('are those with an artifact', async () => {
    expect(await artifactModels()).toEqual(
      expect.arrayContaining(['barley-yield', 'canopy-cover', 'tumour-screening']),
    );
  });
});

describe('barley-yield over HTTP', () => {
  it('converts bushels of barley, out and in', async () => {
    const client = run.client('barley-yield');
    const input = { variety: 'Trebi', site: 'Waseca' };
    const inKilograms = (await client.predict({ input })).body.prediction.yield.value;
    const { body } = await client.predict({ input, units: { yield: 'bu/acre' } });
    expect(body.prediction.yield.unit).toBe('bu/acre');
    expect(Math.abs(inKilograms / body.prediction.yield.value / BUSHEL_PER_ACRE - 1)).toBeLessThan(1e-8);
    expect(BUSHEL_PER_ACRE).toBeCloseTo(53.8, 2);

    const feedback = await client.post(`/predictions/${body.predictionId}/feedback`, {
      actual: { yield: { value: 1, unit: 'bu/acre' } },
      source: 'combine',
    });
    expect(feedback.status).toBe(201);
    expect(feedback.body.actual.yield.unit).toBe('kg/ha');
    expect(feedback.body.actual.yield.value).toBeCloseTo(53.8, 2);
    const stored = await client.get(`/predictions/${body.predictionId}`);
    expect(stored.body.feedback).toMatchObject({ source: 'combine', actual: { yield: { unit: 'kg/ha' } } });
  });
});

describe('tumour-screening over HTTP', () => {
  const answer = async (input: object) => (await run.client('tumour-screening').predict({ input })).body;
  const cases = goldenCases('tumour-screening');

  it('refers, and takes what histology found as feedback', async () => {
    const client = run.client('tumour-screening');
    const referred = cases.find(({ output }) => output.decision === 'refer');
    const { predictionId, prediction } = await answer(referred?.input ?? {});
    expect(prediction.decision).toBe('refer');
    const feedback = { actual: { diagnosis: 'malignant' }, source: 'histology' };
    expect((await client.post(`/predictions/${predictionId}/feedback`, feedback)).status).toBe(201);
    const stored = await client.get(`/predictions/${predictionId}`);
    expect(stored.body.feedback).toMatchObject({ actual: { diagnosis: 'malignant' } });
  });

  it('states costs and threshold in its card', async () => {
    const { body } = await run.client('tumour-screening').get('/model');
    expect(body.output.properties.decision['x-decision']).toEqual({
      costs: { falseNegative: 20, falsePositive: 1 },
      threshold: 1 / 21,
    });
  });

  it('refuses a measurement that no nucleus has', async () => {
    const { status, code, errors } = await answer({ ...cases[0]?.input, areaWorst: 9000 });
    expect({ status, code, errors }).toMatchObject({
      status: 422,
      code: 'invalid-input',
      errors: [{ path: '/input/areaWorst', code: 'out-of-bounds' }],
    });
  });
});

describe('what every model answers', () => {
  it.each(['barley-yield', 'canopy-cover', 'reference-evapotranspiration', 'tumour-screening'])(
    '%s: health, card, document and the stored prediction',
    async (name) => {
      const client = run.client(name);
      const health = await client.get('/health');
      expect(health).toMatchObject({
        status: 200,
        body: { status: 'healthy', model: name, version: '1.0.0' },
      });

      const card = await client.get('/model');
      expect(card).toMatchObject({ status: 200, body: { name, version: '1.0.0' } });
      expect(card.body.objectives.latencyP95Ms).toBeGreaterThan(0);

      const document = await client.get('/openapi.json');
      const result = await new Validator().validate(document.body);
      expect(result).toMatchObject({ valid: true });
      expect(document.body.openapi).toBe('3.1.0');
      expect(document.body.servers).toEqual([{ url: `/${name}` }]);

      const predicted = await client.predict({ input: card.body.example.input });
      expect(predicted.status).toBe(200);
      const stored = await client.get(`/predictions/${predicted.body.predictionId}`);
      expect(stored.status).toBe(200);
      expect(stored.body.prediction).toEqual(predicted.body.prediction);
    },
  );

  it('logs ids, never values', async () => {
    const { body } = await run
      .client('barley-yield')
      .predict({ input: { variety: 'Peatland', site: 'Duluth' } });
    const lines = await run.logLines((line) => line.includes(body.predictionId));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).not.toContain('Peatland');
  });

  it('carries the trace of a caller to the model container', async () => {
    const traceparent = '00-65f0c0de0123456789abcdef01234567-00f067aa0ba902b7-01';
    const { status } = await run.client('barley-yield').send('/predictions', {
      method: 'POST',
      headers: { ...run.client('barley-yield').headers, traceparent },
      body: JSON.stringify({ input: { variety: 'Trebi', site: 'Morris' } }),
    });
    expect(status).toBe(200);
    const lines = await run.logLines((line) => line.includes('0123456789abcdef01234567'));
    expect(lines.some((line) => line.startsWith('aws/sagemaker/'))).toBe(true);
  });
});
