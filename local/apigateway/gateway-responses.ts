import { type ContextVariables, escapeForJson, substitute } from './context-template.ts';
import type { GatewayError, GatewayResponseType } from './gateway-error.ts';
import type { Reply } from './reply.ts';

/** One AWS::ApiGateway::GatewayResponse. */
export interface GatewayResponseDefinition {
  readonly status: number | undefined;
  /** Headers by name; a value is static, or a `$context` variable. */
  readonly headers: ReadonlyMap<string, HeaderValue>;
  /** Bodies by content type. */
  readonly templates: ReadonlyMap<string, string>;
}

export type HeaderValue =
  | { readonly kind: 'static'; readonly value: string }
  | { readonly kind: 'context'; readonly variable: string };

/** Reads a mapping such as `'*'` or `context.requestId`; undefined where it is neither. */
export function readHeaderValue(mapping: string): HeaderValue | undefined {
  const quoted = /^'(.*)'$/s.exec(mapping);
  if (quoted !== null) return { kind: 'static', value: quoted[1] ?? '' };
  const variable = /^context\.([\w.]+)$/.exec(mapping)?.[1];
  return variable === undefined ? undefined : { kind: 'context', variable };
}

/** What API Gateway answers to an error: the API's own response for its type, for its class, or the default one. */
export function renderGatewayError(
  error: GatewayError,
  definitions: ReadonlyMap<string, GatewayResponseDefinition>,
  variables: ContextVariables,
  accept: string | undefined,
): Reply {
  const definition = definitions.get(error.type) ?? definitions.get(fallbackOf(error.type));
  const [contentType, template] = chooseTemplate(definition?.templates ?? new Map(), accept);
  const headers: [string, string][] = [
    ['Content-Type', contentType],
    ['x-amzn-ErrorType', error.errorType],
  ];
  for (const [name, value] of definition?.headers ?? []) {
    const text = value.kind === 'static' ? value.value : String(variables[value.variable] ?? '');
    const existing = headers.find(([known]) => known.toLowerCase() === name.toLowerCase());
    if (existing === undefined) headers.push([name, text]);
    else existing[1] = text;
  }
  return {
    status: definition?.status ?? error.status,
    headers,
    body: Buffer.from(substitute(template, variables, '', escapeForJson), 'utf8'),
  };
}

const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/** The template of the accepted content type, else the JSON one, else the only one there is. */
function chooseTemplate(
  templates: ReadonlyMap<string, string>,
  accept: string | undefined,
): [string, string] {
  const accepted = (accept ?? '').split(',').map((one) => one.split(';')[0]?.trim() ?? '');
  const type = [...accepted, 'application/json', ...templates.keys()].find((one) => templates.has(one));
  if (type === undefined) return ['application/json', DEFAULT_TEMPLATE];
  return [type, templates.get(type) ?? DEFAULT_TEMPLATE];
}

const SERVER_ERRORS: readonly GatewayResponseType[] = [
  'API_CONFIGURATION_ERROR',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
];

function fallbackOf(type: GatewayResponseType): 'DEFAULT_4XX' | 'DEFAULT_5XX' {
  return SERVER_ERRORS.includes(type) ? 'DEFAULT_5XX' : 'DEFAULT_4XX';
}
