import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FunctionError, RESPONSE_LIMIT_BYTES, RESPONSE_TOO_LARGE } from './errors.ts';

/** One event on its way to a function. */
export interface Invocation {
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
}

/** What a runtime reports. */
export interface RuntimeListener {
  /** The runtime asks for its next invocation: init is over, or the last invocation is. */
  ready(): void;
  /** @param payload the result as JSON */
  responded(requestId: string, payload: string): void;
  failed(requestId: string, error: FunctionError): void;
  initFailed(error: FunctionError): void;
}

const PREFIX = '/2018-06-01/runtime/';

/** The Lambda runtime API of one execution environment, on a loopback port of its own. */
export class RuntimeApi {
  readonly #server: Server;
  readonly #listener: RuntimeListener;
  #waiting: ServerResponse | undefined;

  private constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async listen(listener: RuntimeListener): Promise<RuntimeApi> {
    const api = new RuntimeApi(listener);
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject);
      api.#server.listen(0, '127.0.0.1', resolve);
    });
    // A lost runtime is noticed by its process; the server alone must not keep the local cloud alive.
    api.#server.unref();
    return api;
  }

  /** `host:port`, as AWS_LAMBDA_RUNTIME_API holds it. */
  get authority(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Hands an invocation to the runtime that waits for one.
   * @param deadline milliseconds since the epoch, by the local cloud's clock
   * @param aheadMs how far that clock is ahead of the machine's
   * @throws {Error} where no runtime waits
   */
  deliver(invocation: Invocation, deadline: number, aheadMs: number): void {
    const waiting = this.#waiting;
    if (waiting === undefined) throw new Error('the runtime does not wait for an invocation');
    this.#waiting = undefined;
    waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': String(deadline),
      'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn,
      'Lambda-Runtime-Trace-Id': invocation.traceId,
      // Not Lambda's: what the function takes for the time.
      'Local-Clock-Ahead-Ms': String(aheadMs),
    });
    waiting.end(invocation.event);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : '';
    if (request.method === 'GET' && route === 'invocation/next') {
      this.#waiting = response;
      this.#listener.ready();
      return;
    }
    const [, requestId, outcome] = /^invocation\/([\w-]+)\/(response|error)$/.exec(route) ?? [];
    const body = await readBody(request, RESPONSE_LIMIT_BYTES);
    if (requestId !== undefined && outcome === 'response') {
      if (body === undefined) this.#listener.failed(requestId, RESPONSE_TOO_LARGE);
      else this.#listener.responded(requestId, body);
      return answer(response, body === undefined ? 413 : 202);
    }
    if (requestId !== undefined && outcome === 'error') {
      this.#listener.failed(requestId, readError(body));
      return answer(response, 202);
    }
    if (route === 'init/error') {
      this.#listener.initFailed(readError(body));
      return answer(response, 202);
    }
    return answer(response, 404);
  }
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end('{"status":"OK"}');
}

/** The body as text, or undefined where it is larger than the limit: the rest is read and dropped. */
async function readBody(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size > limitBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function readError(body: string | undefined): FunctionError {
  if (body === undefined) return RESPONSE_TOO_LARGE;
  return JSON.parse(body) as FunctionError;
}
