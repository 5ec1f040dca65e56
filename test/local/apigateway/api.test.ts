import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiFixture, startApi } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.close());

const json = (body: string) => ({ method: 'POST', body, headers: { 'Content-Type': 'application/json' } });

describe('a Lambda proxy integration', () => {
  test('gets the whole request as an event', async () => {
    const response = await api.call('/echo?unit=kg%2Fha&unit=bu&x=1', {
      method: 'PUT',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'field-client', 'X-Custom': 'Yes' },
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const event = (await response.json()) as {
      headers: Record<string, string>;
      requestContext: { requestId: string };
    };
    expect(event).toMatchObject({
      resource: '/echo',
      path: '/echo',
      httpMethod: 'PUT',
      headers: { 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Proto': 'http' },
      queryStringParameters: { unit: 'bu', x: '1' },
      multiValueQueryStringParameters: { unit: ['kg/ha', 'bu'], x: ['1'] },
      pathParameters: null,
      stageVariables: { season: 'summer' },
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: {
        stage: 'wheat',
        path: '/wheat/echo',
        resourcePath: '/echo',
        httpMethod: 'PUT',
        protocol: 'HTTP/1.1',
        accountId: '000000000000',
        requestTimeEpoch: api.clock.time,
        requestTime: '04/May/2026:12:00:00 +0000',
        identity: { sourceIp: '127.0.0.1', userAgent: 'field-client', apiKey: api.key },
      },
    });
    expect(response.headers.get('x-amzn-requestid')).toBe(event.requestContext.requestId);
    expect(response.headers.get('x-amz-apigw-id')).toMatch(/=$/);
    expect(response.headers.get('x-amzn-trace-id')).toBe(event.headers['X-Amzn-Trace-Id']);
  });

  test('keeps the trace of the client', async () => {
    const root = 'Root=1-6b03d704-cb7827429892f6886f5dc736';
    const response = await api.call('/echo', { headers: { 'X-Amzn-Trace-Id': `${root};Sampled=0` } });

    expect(response.headers.get('x-amzn-trace-id')).toMatch(
      new RegExp(`^${root};Parent=[0-9a-f]{16};Sampled=0$`),
    );
  });

  test('gets a binary body as base64 and answers without one as null', async () => {
    const bytes = new Uint8Array([0xff, 0xd8, 0, 1]);
    const sent = await api.call('/echo', {
      method: 'POST',
      body: bytes,
      headers: { 'Content-Type': 'image/jpeg' },
    });
    const without = await api.call('/echo');

    expect(await sent.json()).toMatchObject({ body: '/9gAAQ==', isBase64Encoded: true });
    expect(await without.json()).toMatchObject({
      body: null,
      isBase64Encoded: false,
      queryStringParameters: null,
    });
  });

  test('decides status, headers and body of the answer', async () => {
    const response = await api.call('/faults/status');

    expect(response.status).toBe(418);
    expect(await response.text()).toBe('tea');
    expect(response.headers.get('x-unit')).toBe('kg/ha');
    expect(response.headers.get('x-amzn-remapped-date')).toBe('never');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });
});

describe('routing', () => {
  test.each([
    ['/items', { resource: '/items', pathParameters: null }],
    ['/items/a%20b', { resource: '/items/{id}', pathParameters: { id: 'a b' } }],
    [
      '/files/2026/may/yield.csv',
      { resource: '/files/{path+}', pathParameters: { path: '2026/may/yield.csv' } },
    ],
  ])('%s', async (path, expected) => {
    api.clock.time += 10_000;
    expect(await (await api.call(path)).json()).toMatchObject(expected);
  });

  test('an exact segment comes before a parameter', async () => {
    expect(await (await api.call('/items/special')).text()).toBe('special');
  });

  test.each([
    ['GET', '/absent'],
    ['DELETE', '/items'],
    ['GET', '/files'],
  ])('%s %s is answered as a missing authentication token', async (method, path) => {
    const response = await api.call(path, { method });

    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  test('an unknown stage is forbidden', async () => {
    const response = await fetch(api.url.replace('/wheat', '/rye/echo'));

    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Forbidden' });
  });

  test('the root lists the APIs', async () => {
    const response = await fetch(api.url.replace('/wheat', '/'));
    expect(await response.json()).toMatchObject({ apis: [{ name: 'wheat-api', path: '/wheat' }] });
  });
});

describe('API keys and throttling', () => {
  test.each([
    ['no key', {}],
    ['an unknown key', { 'x-api-key': 'x'.repeat(40) }],
    ['a key of no usage plan', { 'x-api-key': 'a-key-that-belongs-to-no-usage-plan' }],
  ])('%s is forbidden', async (_, headers) => {
    const response = await fetch(`${api.url}/echo`, { headers });

    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: 'Forbidden' });
  });

  test('a method without the requirement needs no key', async () => {
    expect((await fetch(`${api.url}/open`)).status).toBe(200);
  });

  test("a method's own throttle in the usage plan", async () => {
    api.clock.time += 10_000;
    const statuses = [(await api.call('/items/1')).status, (await api.call('/items/1')).status];
    api.clock.time += 1000;
    statuses.push((await api.call('/items/1')).status);

    expect(statuses).toEqual([200, 429, 200]);
  });

  test("the stage's throttle of a method", async () => {
    api.clock.time += 10_000;
    const responses = [];
    for (let i = 0; i < 3; i++) responses.push(await fetch(`${api.url}/throttled`));

    expect(responses.map((one) => one.status)).toEqual([200, 200, 429]);
    expect(await responses[2]?.json()).toEqual({ message: 'Too Many Requests' });
  });
});

describe('request validation', () => {
  test.each([
    ['{}', '[object has missing required properties (["input"])]'],
    [
      '{"input":{},"extra":1}',
      '[object instance has properties which are not allowed by the schema: ["extra"]]',
    ],
    [
      '{"input":{"area":"large"}}',
      '[instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])]',
    ],
    [
      '{"input":{"area":-1}}',
      '[numeric instance is lower than the required minimum (minimum: 0, found: -1)]',
    ],
    ['not json', '[Unable to parse request body]'],
    ['', '[Unable to parse request body]'],
  ])('the body %s is refused by the template of the API', async (body, errors) => {
    const response = await api.call('/validated', json(body));

    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-kind')).toBe('gateway');
    expect(await response.json()).toEqual({
      detail: 'Invalid request body',
      errors,
      instance: '/wheat/validated',
    });
  });

  test('a body that fits, and one of another content type, go through', async () => {
    const fits = await api.call('/validated', json('{"input":{"area":1e999}}'));
    const other = await api.call('/validated', {
      method: 'POST',
      body: 'a,b',
      headers: { 'Content-Type': 'text/csv' },
    });

    expect([fits.status, other.status]).toEqual([200, 200]);
  });

  test('a missing parameter is named', async () => {
    const response = await api.call('/validated');

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'Missing required request parameters: [unit]' });
    expect((await api.call('/validated?unit=kg')).status).toBe(200);
  });
});

describe('limits', () => {
  test('a body over 10 MB is refused, announced or streamed', async () => {
    const body = 'x'.repeat(10_485_761);
    const announced = await api.call('/echo', { method: 'POST', body });
    const streamed = await api.call('/echo', {
      method: 'POST',
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);

    for (const response of [announced, streamed]) {
      expect(response.status).toBe(413);
      expect(await response.json()).toEqual({ message: 'HTTP content length exceeded 10485760 bytes.' });
    }
  });

  test('a body that is too large for Lambda is refused as well', async () => {
    const response = await api.call('/echo', { method: 'POST', body: 'x'.repeat(7_000_000) });

    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Too Long' });
  });

  test('headers over 10,240 bytes are refused', async () => {
    expect((await api.call('/echo', { headers: { 'X-Long': 'x'.repeat(10_240) } })).status).toBe(431);
  });

  test('a client that goes away while it sends disturbs nobody', async () => {
    await new Promise<void>((resolve) => {
      const outgoing = httpRequest(`${api.url}/echo`, {
        method: 'POST',
        headers: { 'x-api-key': api.key, 'Content-Length': 1000 },
      });
      outgoing.on('error', () => resolve());
      outgoing.write('x', () => outgoing.destroy(new Error('gone')));
    });

    expect((await api.call('/echo')).status).toBe(200);
  });
});

describe('faults of the integration', () => {
  test.each([
    ['malformed', 502, 'INTEGRATION_FAILURE', 'Malformed Lambda proxy response'],
    ['throwing', 502, 'INTEGRATION_FAILURE', 'secret detail'],
    ['late', 504, 'INTEGRATION_TIMEOUT', 'did not answer within 200 ms'],
    ['busy', 500, 'INTEGRATION_FAILURE', 'Rate Exceeded'],
    ['forbidden', 500, 'API_CONFIGURATION_ERROR', 'Invalid permissions on Lambda function'],
  ])('%s is %d %s, and only the log says why', async (path, status, code, reason) => {
    const response = await api.call(`/faults/${path}`);
    const id = response.headers.get('x-amzn-requestid');

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ code, id });
    expect(api.messages.some((message) => message.includes(reason))).toBe(true);
  });
});

describe('a mock integration', () => {
  test('answers its template', async () => {
    const response = await fetch(`${api.url}/mock`);

    expect(response.status).toBe(202);
    expect(response.headers.get('x-stage')).toBe('wheat');
    expect(await response.json()).toEqual({ id: response.headers.get('x-amzn-requestid'), stage: 'wheat' });
  });

  test('with Velocity is named at start and answers 501', async () => {
    expect(api.notEmulated).toContainEqual({
      type: 'AWS::ApiGateway::Method',
      paths: [expect.stringContaining('velocity')],
      reason: 'its mapping template uses #set; only $context variables are emulated',
    });
    const response = await fetch(`${api.url}/velocity`);

    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({
      message:
        'Not emulated by the local cloud: its mapping template uses #set; only $context variables are emulated',
    });
  });
});

describe('what a request leaves behind', () => {
  test('a line in the access log of the stage', async () => {
    const response = await api.call('/echo');
    const id = response.headers.get('x-amzn-requestid') ?? '';
    const [key] = api.cloud.resources('AWS::ApiGateway::ApiKey');

    const log = await vi.waitFor(async () => {
      const text = await api.logOf('/api/wheat');
      expect(text).toContain(id);
      return text;
    });
    const line = log.split('\n').find((one) => one.includes(id)) ?? '';
    expect(JSON.parse(line)).toEqual({
      id,
      status: 200,
      path: '/wheat/echo',
      key: key?.ref,
      integration: '200',
    });
  });

  test('metrics of the API and of the stage', async () => {
    const dimensions = { ApiName: 'wheat-api', Stage: 'wheat' };
    const last = (name: string) => api.recorded.of('AWS/ApiGateway', name, dimensions).at(-1);

    await api.call('/absent');
    expect([last('Count')?.value, last('4XXError')?.value, last('5XXError')?.value]).toEqual([1, 1, 0]);
    await api.call('/faults/throwing');
    expect([last('Count')?.value, last('4XXError')?.value, last('5XXError')?.value]).toEqual([1, 0, 1]);
    expect(last('IntegrationLatency')?.unit).toBe('Milliseconds');
    expect(api.recorded.of('AWS/ApiGateway', 'Latency', { ApiName: 'wheat-api' }).length).toBeGreaterThan(1);
  });

  test('a summary for whoever listens', async () => {
    const summaries: unknown[] = [];
    const stop = api.services.apigateway?.onRequest((summary) => summaries.push(summary));
    await api.call('/items/special');
    stop?.();
    await api.call('/items/special');

    expect(summaries).toEqual([
      expect.objectContaining({ stage: 'wheat', method: 'GET', path: '/wheat/items/special', status: 200 }),
    ]);
  });
});
