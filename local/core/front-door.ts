import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Access } from './iam/access.ts';
import type { Principal } from './iam/principal.ts';
import { readSignature } from './iam/signature.ts';
import type { LocalLog } from './plugin/log.ts';
import type { AwsApi, AwsRequest, AwsResponse } from './wire/aws-api.ts';
import { AwsError } from './wire/aws-error.ts';
import { BodyTooLarge, isLoopbackHost, readBody, send } from './wire/http.ts';
import { jsonError, xmlError } from './wire/wire-errors.ts';

/** Bytes. The largest body of any emulated API is SageMaker's 25 MB; the services check their own limits. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** Longer than any SDK keeps an idle connection, so that a request never meets one that is just closing. */
const KEEP_ALIVE_MS = 120_000;

/** What a caller is let in by, and what it finds behind the door. */
export interface Target {
  readonly access: Access;
  /** By the name that SDKs sign with. */
  readonly apis: ReadonlyMap<string, AwsApi>;
}

/** Whoever signed a request. */
export interface Caller {
  readonly principal: Principal;
  /** Undefined until something has been deployed. */
  readonly target: Target | undefined;
}

/** What the front door passes a request through before its service sees it. */
export interface FrontDoorOptions {
  /** Who holds an access key. */
  caller(accessKeyId: string): Caller;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly log: LocalLog;
  /** Answers everything under `/_local/`. */
  admin(request: IncomingMessage, url: URL): Promise<AwsResponse>;
}

/** The one address of every emulated AWS API: it knows who calls and what that caller may do. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #server: Server;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void this.#answer(request, response);
    });
  }

  /**
   * Listens on loopback.
   * @param port any free one where it is 0 or taken: callers are told the URL
   * @returns the URL, without a slash at the end
   */
  async listen(port: number): Promise<string> {
    await this.#listenOn(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return this.#listenOn(0);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #listenOn(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let answer: AwsResponse;
    try {
      answer = await this.#respond(request, response, requestId);
    } catch (error) {
      this.#options.log.warn(`front door: ${request.method} ${request.url}: ${describe(error)}`);
      answer = jsonError(500, 'InternalFailure', 'The local cloud failed to process the request.');
    }
    // By the clock of the local cloud: SDKs sign with the time that a service tells, where theirs differs.
    const date = new Date(this.#options.clock.now()).toUTCString();
    send(response, { ...answer, headers: { date, 'x-amzn-requestid': requestId, ...answer.headers } });
  }

  async #respond(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<AwsResponse> {
    if (!isLoopbackHost(request.headers.host)) {
      return jsonError(403, 'AccessDeniedException', 'The local cloud answers to loopback host names only.');
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/_local/')) return this.#options.admin(request, url);

    let body: Buffer;
    try {
      body = await readBody(request, BODY_LIMIT);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      const tooLarge = jsonError(413, 'RequestEntityTooLargeException', error.message);
      return { ...tooLarge, headers: { ...tooLarge.headers, connection: 'close' } };
    }
    const signed = readSignature(request.headers.authorization, url.searchParams);
    if (signed === undefined) return missingToken(request);

    const { principal, target } = this.#options.caller(signed.accessKeyId);
    const api = target?.apis.get(signed.service);
    if (target === undefined || api === undefined) return unknownService(signed.service, request);
    const hungUp = new AbortController();
    response.once('close', () => hungUp.abort());
    const call: AwsRequest = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: singleValued(request),
      body,
      service: signed.service,
      principal,
      requestId,
      signal: hungUp.signal,
    };
    const started = this.#options.clock.now();
    const answer = await this.#call(api, target.access, call);
    api.record?.(call, answer, this.#options.clock.now() - started);
    return answer;
  }

  async #call(api: AwsApi, access: Access, request: AwsRequest): Promise<AwsResponse> {
    try {
      const operation = api.operation(request);
      if (operation === undefined) {
        const what = request.headers['x-amz-target'] ?? `${request.method} ${request.path}`;
        return api.error(
          501,
          'NotImplemented',
          `The local cloud does not emulate ${what} of ${request.service}.`,
        );
      }
      const permissions = api.permissions(request);
      const denied = await access.denial(request.principal, permissions);
      if (denied !== undefined) return api.error(api.deniedStatus ?? 400, 'AccessDeniedException', denied);
      const resources = permissions.map((permission) => permission.resource);
      const { service, principal } = request;
      const caller = principal.kind === 'role' ? principal : undefined;
      const error = await this.#options.faults.strike({ at: 'call', service, operation, resources, caller });
      if (error !== undefined) return api.error(error.status, error.code, error.message);
      return await api.handle(request);
    } catch (error) {
      if (error instanceof AwsError) return api.error(error.status, error.code, error.message);
      this.#options.log.warn(`${request.service}: ${request.method} ${request.path}: ${describe(error)}`);
      return api.error(500, 'InternalFailure', 'The local cloud failed to process the request.');
    }
  }
}

function missingToken(request: IncomingMessage): AwsResponse {
  const status = request.headers['x-amz-target'] === undefined ? 403 : 400;
  return jsonError(status, 'MissingAuthenticationTokenException', 'Request is missing Authentication Token');
}

function unknownService(service: string, request: IncomingMessage): AwsResponse {
  const message = `The local cloud does not emulate ${service}.`;
  if (service === 's3') return xmlError(501, 'NotImplemented', message, 's3');
  const isQuery = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isQuery
    ? xmlError(501, 'NotImplemented', message, 'query')
    : jsonError(501, 'NotImplemented', message);
}

function singleValued(request: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
