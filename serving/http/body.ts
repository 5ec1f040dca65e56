import type { IncomingMessage } from 'node:http';
import { InferenceError } from '../oip/error.ts';
import type { Ticket } from './admission.ts';

/** `application/json`, with or without parameters, of which only a charset of UTF-8 makes sense. */
const JSON_CONTENT = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i;

/** @throws InferenceError 415 unless the body is plain JSON */
export function checkContentType(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type === undefined || !JSON_CONTENT.test(type)) {
    throw new InferenceError(
      415,
      'send Content-Type: application/json with an Open Inference Protocol V2 request',
    );
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new InferenceError(415, 'send the body without Content-Encoding');
}

/**
 * Reads a body whole.
 *
 * @throws InferenceError 413 over `maxBytes` (before reading, where Content-Length tells), 503 if the ticket's
 *   server is full, 400 if it is not UTF-8, 499 if the client goes away
 */
export async function readBody(request: IncomingMessage, maxBytes: number, ticket: Ticket): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await collect(request, (chunk, size) => {
    if (size > maxBytes) throw tooLarge(maxBytes);
    ticket.add(chunk.length);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InferenceError(400, 'the body is not valid UTF-8', { cause: error });
  }
}

/**
 * Collects a stream until its end or until `check` throws. It is not destroyed then, as a `for await` would do:
 * that would close the connection before the answer is sent.
 */
function collect(request: IncomingMessage, check: (chunk: Buffer, size: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      try {
        check(chunk, size);
        chunks.push(chunk);
      } catch (error) {
        request.off('data', take);
        reject(error);
      }
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () =>
      reject(new InferenceError(499, 'the client closed the connection while it sent the body')),
    );
    // What follows an 'error' is a 'close'; without a listener it would end the process.
    request.once('error', () => undefined);
  });
}

function tooLarge(maxBytes: number): InferenceError {
  return new InferenceError(413, `the body is larger than ${maxBytes} bytes`);
}
