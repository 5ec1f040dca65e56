import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsResponse } from './aws-api.ts';

/** A body that is larger than the reader allows. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Reads a whole body.
 * @param limit bytes
 * @throws {BodyTooLarge} as soon as more than `limit` bytes have come in; the connection stays open for an answer
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      request.removeAllListeners('data');
      // What still comes is read and dropped, or the caller would never get to read the answer.
      request.resume();
      reject(new BodyTooLarge(`the body is larger than ${limit} bytes`));
    });
    request.once('end', () => resolve(Buffer.concat(chunks, Math.min(length, limit))));
    request.once('error', reject);
  });
}

/** Sends an answer, unless the caller has hung up. */
export function send(response: ServerResponse, answer: AwsResponse): void {
  if (response.destroyed || response.headersSent) return;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}

export function json(status: number, value: unknown): AwsResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

/**
 * Whether a Host header names this machine. A web page that has its own name resolve to 127.0.0.1 (DNS rebinding)
 * would otherwise pass as same-origin.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  const name = (host ?? '').toLowerCase().replace(/:\d+$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '127.0.0.1' || name === '[::1]';
}
