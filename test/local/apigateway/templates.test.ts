import { describe, expect, test } from 'vitest';
import { escapeForJson, substitute, velocityIn } from '../../../local/apigateway/context-template.ts';
import { GatewayError } from '../../../local/apigateway/gateway-error.ts';
import { readHeaderValue, renderGatewayError } from '../../../local/apigateway/gateway-responses.ts';
import { answerMock } from '../../../local/apigateway/mock-integration.ts';
import { integrationProperties } from '../../../local/apigateway/properties.ts';
import { readIntegration } from '../../../local/apigateway/read-integration.ts';
import { headerOf } from '../../../local/apigateway/reply.ts';

describe('substitute', () => {
  const variables = {
    requestId: 'r1',
    'error.message': 'say "no"',
    'error.messageString': '"say \\"no\\""',
    status: 200,
  };

  test('replaces known variables and fills in for the others', () => {
    expect(
      substitute('$context.requestId $context.status. $context.absent $contextual', variables, '-'),
    ).toBe('r1 200. - $contextual');
  });

  test('makes values fit into a JSON string, and leaves what is JSON already', () => {
    const template = '{"a":"$context.error.message","b":$context.error.messageString}';
    const text = substitute(template, variables, '', escapeForJson);

    expect(JSON.parse(text)).toEqual({ a: 'say "no"', b: 'say "no"' });
  });
});

test.each([
  ['#set($x = 1)', '#set'],
  ['$input.json("$")', '$input'],
  ['$!{util.escape(1)}', '$!{util'],
  ['{"a":"$context.path","price":"$5","tag":"#1"}', undefined],
])('Velocity in %s: %s', (template, expected) => {
  expect(velocityIn(template)).toBe(expected);
});

test.each([
  ["'*'", { kind: 'static', value: '*' }],
  ["''", { kind: 'static', value: '' }],
  ['context.requestId', { kind: 'context', variable: 'requestId' }],
  ['method.request.header.Origin', undefined],
])('the mapping %s is read as %j', (mapping, expected) => {
  expect(readHeaderValue(mapping)).toEqual(expected);
});

describe('renderGatewayError', () => {
  const template = '{"type":"$context.error.responseType"}';
  const definition = (status: number | undefined, type = 'application/json') => ({
    status,
    headers: new Map([['content-type', { kind: 'static', value: 'application/problem+json' } as const]]),
    templates: new Map([[type, template]]),
  });
  const variables = { 'error.responseType': 'THROTTLED', 'error.messageString': '"Too Many Requests"' };

  test('without a definition answers the default', () => {
    const reply = renderGatewayError(new GatewayError('THROTTLED'), new Map(), variables, undefined);

    expect(reply.status).toBe(429);
    expect(reply.body.toString()).toBe('{"message":"Too Many Requests"}');
    expect(headerOf(reply, 'Content-Type')).toBe('application/json');
    expect(headerOf(reply, 'X-Amzn-ErrorType')).toBe('TooManyRequestsException');
  });

  test.each([
    ['THROTTLED', 'DEFAULT_4XX'],
    ['INTEGRATION_TIMEOUT', 'DEFAULT_5XX'],
    ['API_CONFIGURATION_ERROR', 'DEFAULT_5XX'],
  ] as const)('%s falls back to %s', (type, fallback) => {
    const definitions = new Map([[fallback, definition(undefined)]]);
    const reply = renderGatewayError(new GatewayError(type), definitions, variables, undefined);

    expect(reply.status).toBe(new GatewayError(type).status);
    expect(reply.body.toString()).toBe('{"type":"THROTTLED"}');
    expect(reply.headers.filter(([name]) => name.toLowerCase() === 'content-type')).toEqual([
      ['Content-Type', 'application/problem+json'],
    ]);
  });

  test('the type itself comes before its class, and its status before the default', () => {
    const definitions = new Map([
      ['THROTTLED', definition(503)],
      ['DEFAULT_4XX', definition(400)],
    ]);

    expect(renderGatewayError(new GatewayError('THROTTLED'), definitions, variables, undefined).status).toBe(
      503,
    );
  });

  test('chooses the template that the client accepts', () => {
    const templates = new Map([
      ['application/json', '{}'],
      ['text/plain', 'plain'],
    ]);
    const definitions = new Map([['THROTTLED', { status: undefined, headers: new Map(), templates }]]);
    const render = (accept: string | undefined) =>
      renderGatewayError(new GatewayError('THROTTLED'), definitions, {}, accept).body.toString();

    expect([render('text/html, text/plain;q=0.5'), render('*/*'), render(undefined)]).toEqual([
      'plain',
      '{}',
      '{}',
    ]);
  });
});

describe('a mock integration', () => {
  const read = (template: string, responses: object[]) =>
    readIntegration(
      integrationProperties.parse({
        Type: 'MOCK',
        RequestTemplates: { 'application/json': template },
        IntegrationResponses: responses,
      }),
    );

  test.each(['{"statusCode": 404}', '{ statusCode: 404 }', '{"statusCode":"404"}'])(
    'takes %s for its status',
    (template) => {
      const integration = read(template, [
        { StatusCode: '200' },
        { StatusCode: '410', SelectionPattern: '4\\d{2}' },
      ]);

      expect(integration.kind === 'mock' && answerMock(integration, {}).status).toBe(410);
    },
  );

  test('answers its default response where no pattern fits, and has to have one', () => {
    const fitting = read('{"statusCode": 200}', [
      { StatusCode: '410', SelectionPattern: '4..' },
      { StatusCode: 204 },
    ]);
    const lacking = read('{"statusCode": 200}', [{ StatusCode: '410', SelectionPattern: '4..' }]);

    expect(fitting.kind === 'mock' && answerMock(fitting, {}).status).toBe(204);
    expect(() => lacking.kind === 'mock' && answerMock(lacking, {})).toThrow(GatewayError);
  });

  test('has one content type: the mapped one, else that of its template', () => {
    const response = { StatusCode: 200, ResponseTemplates: { 'application/json': '{}' } };
    const mapped = { 'method.response.header.Content-Type': "'application/problem+json'" };
    const headersOf = (responses: object[]) => {
      const integration = read('{"statusCode": 200}', responses);
      return integration.kind === 'mock' && answerMock(integration, {}).headers;
    };

    expect(headersOf([response])).toEqual([['Content-Type', 'application/json']]);
    expect(headersOf([{ ...response, ResponseParameters: mapped }])).toEqual([
      ['Content-Type', 'application/problem+json'],
    ]);
  });

  test.each([
    ['{"statusCode": $input.path("$.code")}', [], /\$input/],
    ['nothing', [], /not of the form/],
    [
      '{"statusCode": 200}',
      [
        {
          StatusCode: 200,
          ResponseParameters: { 'method.response.header.A': 'integration.response.header.B' },
        },
      ],
      /response parameter/,
    ],
  ])('with %s is not emulated', (template, responses, reason) => {
    expect(read(template, responses)).toEqual({
      kind: 'not-emulated',
      reason: expect.stringMatching(reason),
    });
  });
});

test.each([
  [{ Type: 'HTTP_PROXY', Uri: 'http://x' }, 'integrations of type HTTP_PROXY are not emulated'],
  [
    { Type: 'AWS_PROXY', Uri: 'arn:aws:apigateway:us-east-1:sqs:path/q' },
    'arn:aws:apigateway:us-east-1:sqs:path/q is not the URI of a Lambda function',
  ],
])('%j is not emulated', (properties, reason) => {
  expect(readIntegration(integrationProperties.parse(properties))).toEqual({ kind: 'not-emulated', reason });
});

test('a Lambda integration names its function and its timeout', () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:predict:live';
  const Uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

  expect(readIntegration(integrationProperties.parse({ Type: 'AWS_PROXY', Uri }))).toEqual({
    kind: 'lambda',
    functionArn: arn,
    timeoutMs: 29_000,
  });
});
