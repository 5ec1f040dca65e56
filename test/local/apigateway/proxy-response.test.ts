import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../local/apigateway/gateway-error.ts';
import { readProxyResponse } from '../../../local/apigateway/proxy-response.ts';

describe('readProxyResponse', () => {
  test('takes JSON for the content type that a function leaves out', () => {
    expect(readProxyResponse({ statusCode: 204 }, [], undefined)).toEqual({
      status: 204,
      headers: [['Content-Type', 'application/json']],
      body: Buffer.alloc(0),
    });
  });

  test('keeps headers of both kinds, one value once, and renames those of the gateway', () => {
    const reply = readProxyResponse(
      {
        statusCode: '200',
        headers: {
          'X-A': 1,
          'X-Off': false,
          'X-None': null,
          'content-type': 'text/csv',
          Server: 'mine',
          'Transfer-Encoding': 'chunked',
        },
        multiValueHeaders: { 'x-a': ['1', '2'] },
        body: 'x',
      },
      [],
      undefined,
    );

    expect(reply.headers).toEqual([
      ['x-a', '1'],
      ['x-a', '2'],
      ['X-Off', 'false'],
      ['content-type', 'text/csv'],
      ['x-amzn-Remapped-Server', 'mine'],
    ]);
  });

  test.each([
    ['image/png', ['image/*'], 'PNG'],
    ['*/*', ['*/*'], 'PNG'],
    ['text/html, image/png', ['image/png'], 'UE5H'],
    [undefined, ['image/png'], 'UE5H'],
  ])('accepting %s with the binary types %j, base64 is sent as %s', (accept, types, body) => {
    const payload = { statusCode: 200, body: 'UE5H', isBase64Encoded: true };
    expect(readProxyResponse(payload, types, accept).body.toString()).toBe(body);
  });

  test.each([
    [null],
    ['text'],
    [{}],
    [{ statusCode: null }],
    [{ statusCode: 'ok' }],
    [{ statusCode: 200, body: {} }],
    [{ statusCode: 200, headers: { a: {} } }],
    [{ statusCode: 200, cookies: [] }],
  ])('%j is malformed', (payload) => {
    const read = () => readProxyResponse(payload, [], undefined);

    expect(read).toThrow(GatewayError);
    expect(read).toThrow(
      expect.objectContaining({
        type: 'INTEGRATION_FAILURE',
        status: 502,
        reason: expect.stringContaining('Malformed Lambda proxy response'),
      }),
    );
  });
});
