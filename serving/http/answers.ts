import type { ServerResponse } from 'node:http';
import { InferenceError } from '../oip/error.ts';

/** An HTTP answer with a JSON body. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a document. */
export function ok(document: unknown): Answer {
  return { status: 200, body: JSON.stringify(document) };
}

/**
 * The answer to a failure, as the Open Inference Protocol has it. What is no InferenceError is a fault of the
 * server, and its text is for the log alone.
 */
export function errorAnswer(error: unknown): Answer {
  const known = error instanceof InferenceError;
  const status = known ? error.status : 500;
  const headers: Record<string, string> = {};
  if (status === 503) headers['retry-after'] = '1';
  return { status, headers, body: JSON.stringify({ error: known ? error.message : 'internal error' }) };
}

/** Sends an answer, unless the client has gone. */
export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
