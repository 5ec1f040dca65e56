import { expect, test } from 'vitest';
import type { LocalResource } from '../../../local/core/plugin.ts';
import { planWarmUp } from '../../../local/start/warm-up.ts';

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

test('functions behind a path with an id in it come later: something has to be made before', () => {
  const paths = [
    path('predictions', 'predictions', 'root'),
    path('one', '{id}', 'predictions'),
    path('feedback', 'feedback', 'one'),
  ];
  const methods = [
    method('POST', lambda('feedback'), 'feedback'),
    method('POST', lambda('predict'), 'predictions'),
  ];

  expect(planWarmUp(methods, paths)).toEqual({ first: [arn('predict')], later: [arn('feedback')] });
});
