import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { type ApiRequest, apiHandler } from '../../../lambda/http/handler.ts';
import { logger } from '../../../lambda/observability.ts';

const event = (overrides: object = {}) =>
  ({
    body: null,
    isBase64Encoded: false,
    headers: {},
    pathParameters: null,
    resource: '/predictions',
    requestContext: { requestId: 'req-1', stage: 'harvest', identity: { apiKeyId: 'key-1' } },
    ...overrides,
  }) as unknown as APIGatewayProxyEvent;

const context = {
  getRemainingTimeInMillis: () => 5000,
  functionName: 'f',
  awsRequestId: 'a',
} as unknown as Context;

let written: string[];

beforeEach(() => {
  written = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void written.push(String(line)));
  }
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
});

afterEach(() => vi.restoreAllMocks());

describe('apiHandler', () => {
  it('answers JSON that no cache keeps', async () => {
    const answer = await apiHandler(async () => ({ status: 201, body: { a: 1 } }))(event(), context);
    expect(answer).toEqual({
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: '{"a":1}',
    });
  });

  it('decodes a base64 body and keeps time for answering', async () => {
    let seen: ApiRequest | undefined;
    const handler = apiHandler(async (request) => {
      seen = request;
      return { status: 200, body: {} };
    });
    await handler(event({ body: Buffer.from('{"ü":1}').toString('base64'), isBase64Encoded: true }), context);
    expect(seen?.body).toBe('{"ü":1}');
    expect(seen?.deadline.remainingMs(1500)).toBe(3500);
    expect(seen?.deadline.remainingMs(9000)).toBe(0);
  });

  it.each([
    ['x-callback-url', 'https://hooks.example.com/'],
    ['X-Callback-Url', 'https://hooks.example.com/'],
    ['X-Callback-Url', ''],
    ['x-other', undefined],
  ])('passes on where a caller wants to be told, as it says it in %s: %s', async (name, url) => {
    let seen: ApiRequest | undefined;
    const handler = apiHandler(async (request) => {
      seen = request;
      return { status: 200, body: {} };
    });
    await handler(event({ headers: { [name]: url ?? 'https://hooks.example.com/' } }), context);
    expect(seen?.callbackUrl).toBe(url);
  });

  it('turns a problem into its document, with Retry-After where it helps', async () => {
    const answer = await apiHandler(async () => {
      throw new ProblemError('model-throttled', 'Later.', { retryAfterSeconds: 3 });
    })(event(), context);
    expect(answer.statusCode).toBe(429);
    expect(answer.headers).toMatchObject({ 'Content-Type': 'application/problem+json', 'Retry-After': '3' });
    expect(JSON.parse(answer.body)).toEqual({
      type: 'urn:furrow:problem:model-throttled',
      title: 'The model is at its capacity',
      status: 429,
      code: 'model-throttled',
      detail: 'Later.',
      instance: 'urn:uuid:req-1',
      errors: [],
    });
  });

  it('hides what it does not know from the client and logs it in full', async () => {
    const logged = vi.spyOn(logger, 'error');
    const answer = await apiHandler(async () => {
      throw new TypeError('secret detail');
    })(event(), context);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'internal-error', instance: 'urn:uuid:req-1' });
    expect(logged).toHaveBeenCalledWith('internal-error', { error: new TypeError('secret detail') });
  });

  it('counts each problem by its code', async () => {
    await apiHandler(async () => {
      throw new ProblemError('missing-body', 'Send one.');
    })(event(), context);
    const counted = written.filter((line) => line.includes('_aws')).map((line) => JSON.parse(line));
    expect(counted).toEqual([
      expect.objectContaining({ Problems: 1, code: 'missing-body', environment: 'test', service: 'test' }),
    ]);
  });
});
