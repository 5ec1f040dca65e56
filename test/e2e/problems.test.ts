import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BRUSSELS } from '../models/reference-evapotranspiration/brussels.ts';
import { editedAssembly } from './edited-assembly.ts';
import { type LocalRun, startRun } from './run.ts';

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
});
afterAll(() => run.close());

const barley = () => run.client('barley-yield');
const et0 = () => run.client('reference-evapotranspiration');
const GOOD = { variety: 'Trebi', site: 'Waseca' };
const weather = (change: object) => et0().predict({ input: { ...BRUSSELS, ...change } });
const raw = (body: string) =>
  et0().predict(`{"input":${JSON.stringify(BRUSSELS).replace('"elevation":100', body)}}`);
const NO_ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';

/** What was asked; the status, the code, the code of the offending place and a part of the sentence it must get. */
const CASES: [string, () => ReturnType<LocalRun['send']>, number, string, string | undefined, RegExp][] = [
  [
    'no body',
    () => barley().send('/predictions', { method: 'POST', headers: barley().headers }),
    400,
    'missing-body',
    undefined,
    /Send a JSON object/,
  ],
  ['an empty object', () => barley().predict({}), 400, 'invalid-request', ' missing-field', /"input"/],
  [
    'a wrong method with a form as its body',
    () =>
      barley().send('/predictions', {
        method: 'PUT',
        headers: { 'x-api-key': barley().headers['x-api-key'] },
        body: new URLSearchParams({ variety: 'Trebi' }),
      }),
    405,
    'method-not-allowed',
    undefined,
    /POST/,
  ],
  ['not JSON', () => barley().predict('variety=Trebi'), 400, 'invalid-json', undefined, /not valid JSON/],
  [
    '7 MB body',
    () => barley().predict({ input: { ...GOOD, note: 'x'.repeat(7_000_000) } }),
    413,
    'payload-too-large',
    undefined,
    /MB/,
  ],
  [
    'unknown field',
    () => barley().predict({ input: { ...GOOD, soil: 'clay' } }),
    422,
    'invalid-input',
    '/input/soil unknown-field',
    /No such field/,
  ],
  [
    'missing field',
    () => barley().predict({ input: { variety: 'Trebi' } }),
    422,
    'invalid-input',
    '/input/site missing-field',
    /Required/,
  ],
  [
    'wrong type',
    () => barley().predict({ input: { ...GOOD, site: 3 } }),
    422,
    'invalid-input',
    '/input/site wrong-type',
    /Got a number/,
  ],
  [
    'number as string',
    () => weather({ elevation: '100' }),
    422,
    'invalid-input',
    '/input/elevation wrong-type',
    /without quotes/,
  ],
  ['NaN', () => raw('"elevation":NaN'), 400, 'invalid-json', undefined, /JSON has no NaN/],
  ['1e999', () => raw('"elevation":1e999'), 422, 'invalid-input', '/input/elevation not-finite', /finite/],
  [
    'unit of the wrong dimension',
    () => weather({ elevation: { value: 1, unit: 'kPa' } }),
    422,
    'invalid-input',
    '/input/elevation/unit unit-dimension-mismatch',
    /pressure.*Send one of: m, /,
  ],
  [
    'unknown unit',
    () => weather({ elevation: { value: 1, unit: 'cubits' } }),
    422,
    'invalid-input',
    '/input/elevation/unit unknown-unit',
    /Send one of: m, /,
  ],
  [
    'bushel of the wrong commodity',
    () => barley().predict({ input: GOOD, units: { yield: 'bu[wheat]/acre' } }),
    422,
    'invalid-input',
    '/units/yield commodity-mismatch',
    /60 lb.*48 lb/,
  ],
  [
    'value out of hard bounds',
    () => weather({ latitude: 91 }),
    422,
    'invalid-input',
    '/input/latitude out-of-bounds',
    /between -66 and 66 deg/,
  ],
  [
    'unknown category',
    () => barley().predict({ input: { ...GOOD, variety: 'Golden Promise' } }),
    422,
    'invalid-input',
    '/input/variety unknown-category',
    /"Trebi"/,
  ],
  [
    '1,001 inputs',
    () => barley().predict({ inputs: Array.from({ length: 1001 }, () => GOOD) }),
    422,
    'too-many-inputs',
    '/inputs out-of-bounds',
    /1001 inputs.*at most 1000/,
  ],
  [
    'one bad input of a list',
    () => barley().predict({ inputs: [GOOD, GOOD, { variety: 'Trebi' }] }),
    422,
    'invalid-input',
    '/inputs/2/site missing-field',
    /inputs\/2/,
  ],
  [
    'wrong method',
    () => barley().send('/predictions', { method: 'DELETE', headers: barley().headers }),
    405,
    'method-not-allowed',
    undefined,
    /POST/,
  ],
  ['unknown route', () => barley().get('/predict'), 404, 'route-not-found', undefined, /openapi\.json/],
  ['no API key', () => barley().send('/health', {}), 403, 'api-key-invalid', undefined, /x-api-key/],
  [
    'wrong API key',
    () => barley().send('/health', { headers: { 'x-api-key': 'x'.repeat(40) } }),
    403,
    'api-key-invalid',
    undefined,
    /x-api-key/,
  ],
  [
    'unknown prediction id',
    () => barley().get(`/predictions/${NO_ID}`),
    404,
    'prediction-not-found',
    undefined,
    new RegExp(NO_ID),
  ],
  [
    'feedback for a prediction that does not exist',
    () => barley().post(`/predictions/${NO_ID}/feedback`, { actual: { yield: 1 } }),
    404,
    'prediction-not-found',
    undefined,
    new RegExp(NO_ID),
  ],
];

describe('a bad request', () => {
  it.each(CASES)('%s gets its own problem document', async (_, ask, status, code, item, sentence) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: `urn:furrow:problem:${code}`, status, code });
    expect(answer.body.instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(answer.body.title.length).toBeGreaterThan(5);
    const items = answer.body.errors.map(
      (error: { path: string; code: string }) => `${error.path} ${error.code}`,
    );
    if (item === undefined) expect(answer.body.errors).toEqual([]);
    else expect(items).toContain(item);
    expect(`${answer.body.detail} ${JSON.stringify(answer.body.errors)}`.replaceAll('\\"', '"')).toMatch(
      sentence,
    );
  });

  it('of feedback given twice keeps the first', async () => {
    const { body } = await barley().predict({ input: GOOD });
    const path = `/predictions/${body.predictionId}/feedback`;
    expect((await barley().post(path, { actual: { yield: 3000 } })).status).toBe(201);
    const second = await barley().post(path, { actual: { yield: 1 } });
    expect(second).toMatchObject({ status: 409, body: { code: 'feedback-exists' } });
    expect((await barley().get(`/predictions/${body.predictionId}`)).body.feedback.actual.yield.value).toBe(
      3000,
    );
  });

  it('says which methods a route has', async () => {
    const { headers } = await barley().send('/predictions', { method: 'DELETE', headers: barley().headers });
    expect(headers.get('allow')).toBe('POST');
  });

  it('is counted: by the function with its code, by the gateway as 4XX', async () => {
    const gateway = { ApiName: 'furrow-dev-barley-yield', Stage: 'barley-yield' };
    const counter = { environment: 'dev', service: 'barley-yield', code: 'invalid-input' };
    const before = await run.metricSum('Furrow', 'Problems', counter);
    const gatewayBefore = await run.metricSum('AWS/ApiGateway', '4XXError', gateway);
    await barley().predict({ input: { variety: 'Trebi' } });
    await barley().send('/health', {});
    await expect.poll(() => run.metricSum('Furrow', 'Problems', counter)).toBe(before + 1);
    await expect.poll(() => run.metricSum('AWS/ApiGateway', '4XXError', gateway)).toBe(gatewayBefore + 2);
  });

  it('never is a 500, whatever JSON is sent', async () => {
    const bodies = [
      'null',
      '[]',
      '"x"',
      '3',
      '{"input":null}',
      '{"inputs":{}}',
      '{"input":[]}',
      '{"units":3}',
      '{"input":{},"inputs":[]}',
      '{"input":{"variety":{"$gt":""},"site":[]}}',
      '{"input":{"__proto__":{"variety":"Trebi"}}}',
      '{"inputs":[null]}',
      '\u0000',
      '{"input":{"variety":"\ud800"}}',
    ];
    for (const body of bodies) {
      const { status, body: problem } = await barley().predict(body);
      expect(status, body).toBeGreaterThanOrEqual(400);
      expect(status, body).toBeLessThan(500);
      expect(problem.code, body).toMatch(/^invalid-/);
    }
  });
});

describe('a client above its usage plan', () => {
  let slow: LocalRun;

  beforeAll(async () => {
    // A plan that any machine can exceed.
    const assembly = editedAssembly(inject('assembly'), 'slow-plan', ({ Type, Properties }) => {
      if (Type === 'AWS::ApiGateway::UsagePlan') Properties.Throttle = { RateLimit: 2, BurstLimit: 5 };
    });
    slow = await startRun(assembly);
  });
  afterAll(() => slow.close());

  it('gets 429 with Retry-After, and passes again later', async () => {
    const ask = () => slow.client('reference-evapotranspiration').get('/model');
    const answers = await Promise.all(Array.from({ length: 30 }, ask));

    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, body } of refused) {
      expect(status).toBe(429);
      expect(body.code).toBe('rate-limit-exceeded');
      expect(headers.get('retry-after')).toBe('1');
    }
    await expect.poll(async () => (await ask()).status, { timeout: 5000, interval: 250 }).toBe(200);
  });
});
