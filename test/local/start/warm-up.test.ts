import { expect, test } from 'vitest';
import type { LocalResource } from '../../../local/core/plugin.ts';
import { planWarmUp } from '../../../local/start/warm-up.ts';

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

function method(httpMethod: string, integration?: object): LocalResource {
  return {
    stack: 'S',
    logicalId: httpMethod,
    path: `S/${httpMethod}`,
    type: 'AWS::ApiGateway::Method',
    properties: { HttpMethod: httpMethod, Integration: integration },
    metadata: {},
    ref: '',
    attributes: {},
  };
}

const lambda = (name: string) => ({
  Uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn(name)}/invocations`,
});

test('functions behind POST come first, each once, and other integrations not at all', () => {
  const methods = [
    method('GET', lambda('health')),
    method('GET', lambda('predict')),
    method('POST', lambda('predict')),
    method('POST', lambda('feedback:live')),
    method('PUT', lambda('feedback:live')),
    method('OPTIONS', { Type: 'MOCK' }),
    method('GET', lambda('health')),
  ];

  expect(planWarmUp(methods)).toEqual({
    first: [arn('predict'), arn('feedback:live')],
    later: [arn('health')],
  });
});
