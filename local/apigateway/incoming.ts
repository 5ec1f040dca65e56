import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { traceHeader } from '../lambda/trace-header.ts';

/** A client's request, before API Gateway has looked at what it asks for. */
export interface Incoming {
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly httpMethod: string;
  /** With the stage, without the query, as it was sent. */
  readonly path: string;
  readonly query: string;
  readonly protocol: string;
  /** In order and with the case that was sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  readonly port: number;
  /** The X-Ray tracing header, the client's or a new one. */
  readonly traceHeader: string;
}

/** @param now milliseconds since the epoch */
export function readIncoming(request: IncomingMessage, now: number): Incoming {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    headers.push([request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '']);
  }
  return {
    requestId: randomUUID(),
    extendedRequestId: `${randomBytes(11).toString('base64url').slice(0, 15)}=`,
    receivedAt: now,
    httpMethod: request.method ?? 'GET',
    path,
    query: query.join('?'),
    protocol: `HTTP/${request.httpVersion}`,
    headers,
    sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: request.socket.localPort ?? 0,
    traceHeader: traceHeader(lastHeader(headers, 'x-amzn-trace-id'), now),
  };
}

/** The last value of a header, whatever its case: the one that API Gateway takes. */
export function lastHeader(headers: Incoming['headers'], name: string): string | undefined {
  return headers.findLast(([known]) => known.toLowerCase() === name)?.[1];
}

/** Bytes of request line and headers together (API Gateway quotas, REST APIs: 10,240 bytes). */
export const HEADERS_LIMIT_BYTES = 10_240;

export function headerBytes(incoming: Incoming): number {
  const line = incoming.httpMethod.length + incoming.path.length + incoming.query.length;
  return incoming.headers.reduce((sum, [name, value]) => sum + name.length + value.length, line);
}
