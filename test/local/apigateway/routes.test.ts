import { describe, expect, test } from 'vitest';
import type { Method, RouteNode } from '../../../local/apigateway/definition.ts';
import { matchRoute, routeNode, segmentsOf } from '../../../local/apigateway/routes.ts';

function node(path: string, ...methods: string[]): RouteNode {
  const made = routeNode(path, path);
  for (const httpMethod of methods) {
    made.methods.set(httpMethod, { httpMethod, resourcePath: path } as Method);
  }
  return made;
}

/** /, /a (GET, ANY), /a/b (GET), /a/{id} (GET, PUT), /a/{id}/c (GET), /{rest+} (ANY) */
function tree(): RouteNode {
  const root = node('/', 'GET');
  const a = node('/a', 'GET', 'ANY');
  const id = node('/a/{id}', 'GET', 'PUT');
  root.literals.set('a', a);
  a.literals.set('b', node('/a/b', 'GET'));
  a.parameter = { name: 'id', node: id };
  id.literals.set('c', node('/a/{id}/c', 'GET'));
  root.greedy = { name: 'rest', node: node('/{rest+}', 'ANY') };
  return root;
}

describe('matchRoute', () => {
  test.each([
    ['GET', '/', '/', 'GET', {}],
    ['GET', '/a', '/a', 'GET', {}],
    ['POST', '/a', '/a', 'ANY', {}],
    ['GET', '/a/b', '/a/b', 'GET', {}],
    ['PUT', '/a/b', '/a/{id}', 'PUT', { id: 'b' }],
    ['GET', '/a/b/c', '/a/{id}/c', 'GET', { id: 'b' }],
    ['GET', '/a/x%2Fy', '/a/{id}', 'GET', { id: 'x/y' }],
    ['GET', '/a/', '/a', 'GET', {}],
    ['DELETE', '/a/x', '/{rest+}', 'ANY', { rest: 'a/x' }],
    ['GET', '/x/y%20z', '/{rest+}', 'ANY', { rest: 'x/y z' }],
  ])('%s %s is %s (%s)', (httpMethod, path, resource, method, pathParameters) => {
    const match = matchRoute(tree(), httpMethod, segmentsOf(path));

    expect(match?.method).toEqual({ httpMethod: method, resourcePath: resource });
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  test('is undefined where nothing fits', () => {
    expect(matchRoute(tree(), 'POST', [])).toBeUndefined();
    expect(matchRoute(node('/'), 'GET', ['a'])).toBeUndefined();
  });

  test('refuses what is not URL encoding', () => {
    expect(() => matchRoute(tree(), 'GET', ['a', '%E0%A4%A'])).toThrow(URIError);
  });
});
