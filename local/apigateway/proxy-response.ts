import { z } from 'zod';
import { isBinaryType } from './event.ts';
import { GatewayError } from './gateway-error.ts';
import type { Reply } from './reply.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** What a function behind a proxy integration must answer; API Gateway refuses other members. */
const proxyResponse = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar.nullable()).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Headers that API Gateway sets itself; a function's own are passed on under another name (docs: "Important notes"). */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
]);

/**
 * Turns a function's answer into the client's.
 * @param accept the request's Accept header, which decides whether binary content is sent as such
 * @throws {GatewayError} INTEGRATION_FAILURE with status 502 where it is malformed
 */
export function readProxyResponse(
  payload: unknown,
  binaryMediaTypes: readonly string[],
  accept: string | undefined,
): Reply {
  const parsed = proxyResponse.safeParse(payload);
  if (!parsed.success) {
    const issues = z.prettifyError(parsed.error).replaceAll('\n', ' ');
    const reason = `Execution failed due to configuration error: Malformed Lambda proxy response (${issues})`;
    throw new GatewayError('INTEGRATION_FAILURE', { status: 502, reason });
  }
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  const preferred = (accept ?? '').split(',')[0]?.split(';')[0]?.trim().toLowerCase() ?? '';
  const decode = isBase64Encoded === true && isBinaryType(binaryMediaTypes, preferred);
  return {
    status: statusCode,
    headers: replyHeaders(headers ?? {}, multiValueHeaders ?? {}),
    body: Buffer.from(body ?? '', decode ? 'base64' : 'utf8'),
  };
}

/** Both kinds of headers together: a name's single value is one more of its values unless it is among them already. */
function replyHeaders(
  single: Readonly<Record<string, string | null>>,
  multiple: Readonly<Record<string, readonly string[]>>,
): [string, string][] {
  const result: [string, string][] = Object.entries(multiple).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  for (const [name, value] of Object.entries(single)) {
    const known = result.some(
      ([other, text]) => other.toLowerCase() === name.toLowerCase() && text === value,
    );
    if (value !== null && !known) result.push([name, value]);
  }
  const passed = result
    .filter(([name]) => name.toLowerCase() !== 'transfer-encoding')
    .map(([name, value]): [string, string] => [
      REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name,
      value,
    ]);
  if (!passed.some(([name]) => name.toLowerCase() === 'content-type'))
    passed.push(['Content-Type', 'application/json']);
  return passed;
}
