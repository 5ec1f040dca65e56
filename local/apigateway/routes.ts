import type { Method, RouteNode } from './definition.ts';

export interface Match {
  readonly method: Method;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A resource without methods or children. */
export function routeNode(resourceId: string, path: string): RouteNode {
  return { resourceId, path, methods: new Map(), literals: new Map() };
}

/** The segments of a request path, still percent-encoded; empty ones (`//`, a trailing slash) don't count. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/**
 * Finds the method for a request: exact segments before `{parameter}` before `{greedy+}`, a method of its own before ANY.
 * @throws {URIError} where a path parameter is not valid percent-encoding
 */
export function matchRoute(
  root: RouteNode,
  httpMethod: string,
  segments: readonly string[],
): Match | undefined {
  for (const { node, parameters } of candidates(root, segments, {})) {
    const method = node.methods.get(httpMethod) ?? node.methods.get('ANY');
    if (method === undefined) continue;
    const decoded = Object.entries(parameters).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { method, pathParameters: Object.fromEntries(decoded) };
  }
  return undefined;
}

/** Every resource whose path fits, the most specific first. */
function* candidates(
  node: RouteNode,
  segments: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Generator<{ node: RouteNode; parameters: Readonly<Record<string, string>> }> {
  const [head, ...rest] = segments;
  if (head === undefined) {
    yield { node, parameters };
    return;
  }
  const literal = node.literals.get(head);
  if (literal !== undefined) yield* candidates(literal, rest, parameters);
  if (node.parameter !== undefined) {
    yield* candidates(node.parameter.node, rest, { ...parameters, [node.parameter.name]: head });
  }
  if (node.greedy !== undefined) {
    yield { node: node.greedy.node, parameters: { ...parameters, [node.greedy.name]: segments.join('/') } };
  }
}
