import type { IncomingMessage } from 'node:http';
import { GatewayError } from './gateway-error.ts';

/** The largest request body (API Gateway quotas, REST APIs, "Payload size": 10 MB). */
export const BODY_LIMIT_BYTES = 10_485_760;

/** How much of a body that is too large is still read, so that a client that is sending it gets to read the answer. */
const DISCARD_LIMIT_BYTES = 64 * 1024 * 1024;

/** The client went away before it had sent its whole request. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Reads a request's body, keeping no more than the limit.
 * @throws {GatewayError} REQUEST_TOO_LARGE {@link ClientGone} where the connection breaks
 */
export function readBody(request: IncomingMessage, limitBytes = BODY_LIMIT_BYTES): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      chunks.length = 0;
      const message = `HTTP content length exceeded ${limitBytes} bytes.`;
      reject(new GatewayError('REQUEST_TOO_LARGE', { message }));
    };
    if (Number(request.headers['content-length']) > limitBytes) refuse();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > DISCARD_LIMIT_BYTES) request.destroy();
      else if (size > limitBytes) refuse();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGone()));
    request.on('close', () => reject(new ClientGone()));
  });
}
