import { expect, test } from 'vitest';
import { planWarmUp } from '../../../local/start/warm-up.ts';
import type { LocalResource } from '../../../local/template/resource-types.ts';

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

function resource(type: string, ref: string, properties: Record<string, unknown>): LocalResource {
  return {
    stack: 'S',
    logicalId: ref,
    path: `S/${ref}`,
    type: `AWS::ApiGateway::${type}`,
    properties,
    metadata: {},
    ref,
    attributes: {},
  };
}

const method = (httpMethod: string, integration?: object, resourceId = 'root') =>
  resource('Method', httpMethod, {
    HttpMethod: httpMethod,
    ResourceId: resourceId,
    Integration: integration,
  });

const path = (ref: string, part: string, parent: string) =>
  resource('Resource', ref, { PathPart: part, ParentId: parent });

const PATHS = [
  path('predictions', 'predictions', 'root'),
  path('one', '{id}', 'predictions'),
  path('feedback', 'feedback', 'one'),
  path('uploads', 'uploads', 'root'),
];

const lambda = (name: string) => ({
  Uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn(name)}/invocations`,
});

test('functions behind POST /predictions come first, each once, and other integrations not at all', () => {
  const methods = [
    method('GET', lambda('health')),
    method('GET', lambda('predict:live'), 'predictions'),
    method('POST', lambda('predict:live'), 'predictions'),
    method('POST', lambda('upload'), 'uploads'),
    method('POST', lambda('feedback'), 'feedback'),
    method('OPTIONS', { Type: 'MOCK' }),
    method('GET', lambda('health')),
  ];

  expect(planWarmUp(methods, PATHS)).toEqual({
    first: [arn('predict:live')],
    later: [arn('health'), arn('upload'), arn('feedback')],
  });
});
