import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalLog } from '../core/plugin/log.ts';
import type { Stage } from './definition.ts';
import type { Gateway } from './gateway.ts';
import { readIncoming } from './incoming.ts';
import { messageReply, type Reply } from './reply.ts';
import { readBody } from './request-body.ts';

/** The port asked for belongs to another program. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is in use by another program`);
    this.port = port;
  }
}

/** Node's own limit on headers, above API Gateway's, so that API Gateway's is the one that answers. */
const PARSER_HEADERS_LIMIT_BYTES = 65_536;

/** What the server passes requests to. */
interface Served {
  readonly gateway: Gateway;
  readonly stages: ReadonlyMap<string, Stage>;
}

/** The HTTP server that all stages share, on loopback. Requests that come before there is anything to serve wait for it. */
export class ApiServer {
  readonly #server: Server;
  readonly #first: Promise<Served>;
  #begin: (served: Served) => void = () => undefined;
  #served: Served | undefined;

  private constructor(now: () => number, log: LocalLog) {
    this.#first = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#server = createServer({ maxHeaderSize: PARSER_HEADERS_LIMIT_BYTES }, (request, response) => {
      this.#answer(now, request, response).catch((error: Error) => {
        log.warn(`${request.method} ${request.url}: ${error.stack}`);
        if (!response.headersSent) send(response, messageReply(500, 'Internal server error'), now());
      });
    });
  }

  /**
   * @param port 0 for any free one
   * @throws {PortInUse} where it is taken
   */
  static async listen(port: number, now: () => number, log: LocalLog): Promise<ApiServer> {
    const api = new ApiServer(now, log);
    const server = api.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'EADDRINUSE' ? new PortInUse(port) : error);
      });
      server.listen(port, '127.0.0.1', resolve);
    });
    return api;
  }

  /** Passes requests to this gateway from now on; those that another one has begun with, it answers. */
  serve(gateway: Gateway, stages: ReadonlyMap<string, Stage>): void {
    this.#served = { gateway, stages };
    this.#begin(this.#served);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(now: () => number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection that breaks is noticed by whoever reads or writes it.
    request.on('error', () => undefined);
    // Without a pause in between: a gateway that has been replaced is waited for only while it knows of requests.
    const { gateway, stages } = this.#served ?? (await this.#first);
    if (request.url === '/' && request.method === 'GET') return send(response, listing(stages), now());
    const reply = await gateway.handle(readIncoming(request, now()), () => readBody(request));
    if (reply !== undefined) send(response, reply, now());
    // What was refused unread is taken from the connection all the same, or the client could not read the answer.
    if (!request.readableEnded) request.resume();
  }
}

/** @param now milliseconds since the epoch, for the header `Date` */
function send(response: ServerResponse, reply: Reply, now: number): void {
  const headers = new Map<string, string[]>([['Date', [new Date(now).toUTCString()]]]);
  for (const [name, value] of reply.headers) {
    const known = [...headers.keys()].find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    headers.set(known, [...(headers.get(known) ?? []), value]);
  }
  const hasBody = reply.status !== 204 && reply.status !== 304 && reply.status >= 200;
  if (hasBody) headers.set('Content-Length', [String(reply.body.length)]);
  response.writeHead(
    reply.status,
    Object.fromEntries([...headers].map(([name, all]) => [name, all.length === 1 ? all[0] : all])),
  );
  response.end(hasBody ? reply.body : undefined);
}

/** What `GET /` shows: a page of the local cloud's own, AWS has none. */
function listing(stages: ReadonlyMap<string, Stage>): Reply {
  const apis = [...stages.values()].map((stage) => ({
    name: stage.api.name,
    apiId: stage.api.id,
    path: `/${stage.name}`,
  }));
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(`${JSON.stringify({ apis }, null, 2)}\n`, 'utf8'),
  };
}
