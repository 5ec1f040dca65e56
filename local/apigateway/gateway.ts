import { type Clock, stopwatch } from '../clock/clock.ts';
import type { LocalLog } from '../core/plugin/log.ts';
import type { MetricStore } from '../core/plugin/metrics.ts';
import type { LambdaService } from '../lambda/service.ts';
import { substitute } from './context-template.ts';
import { methodSetting, type Stage } from './definition.ts';
import { contextVariables, type Exchange } from './exchange.ts';
import { GatewayError, NotEmulatedError } from './gateway-error.ts';
import { renderGatewayError } from './gateway-responses.ts';
import { type Authorization, authorizeSigned } from './iam-authorization.ts';
import { HEADERS_LIMIT_BYTES, headerBytes, type Incoming, lastHeader } from './incoming.ts';
import { invokeFunction } from './lambda-integration.ts';
import { recordMetrics } from './metrics.ts';
import { answerMock } from './mock-integration.ts';
import { readProxyResponse } from './proxy-response.ts';
import { headerOf, messageReply, type Reply } from './reply.ts';
import { ClientGone } from './request-body.ts';
import { type Match, matchRoute, segmentsOf } from './routes.ts';
import { TokenAuthorization } from './token-authorization.ts';
import { TokenBuckets } from './token-bucket.ts';
import type { UsagePlans } from './usage-plans.ts';

export interface GatewayOptions {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly usagePlans: UsagePlans;
  readonly lambda: LambdaService;
  readonly clock: Clock;
  readonly log: LocalLog;
  readonly metrics: MetricStore;
  readonly authorization: Authorization;
  /** Called after every request to a stage. */
  onExchange(exchange: Exchange): void;
}

/** API Gateway without its HTTP server: each request goes match → authorize → admit → validate → integrate → respond. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #buckets = new TokenBuckets();
  readonly #tokens: TokenAuthorization;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#tokens = new TokenAuthorization(options.lambda, options.clock);
  }

  /**
   * Answers a request; undefined where the client has gone.
   * @param readBody reads the body, once it is known that it matters
   */
  handle(incoming: Incoming, readBody: () => Promise<Buffer>): Promise<Reply | undefined> {
    const handling = this.#handle(incoming, readBody).finally(() => this.#underWay.delete(handling));
    this.#underWay.add(handling);
    return handling;
  }

  /** Resolves when the requests that are under way have been answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #handle(incoming: Incoming, readBody: () => Promise<Buffer>): Promise<Reply | undefined> {
    const [stageName = '', ...segments] = segmentsOf(incoming.path);
    const stage = this.#options.stages.get(stageName);
    if (stage === undefined) return messageReply(403, 'Forbidden');
    const exchange: Exchange = { incoming, stage };
    const elapsed = stopwatch(this.#options.clock);
    try {
      exchange.reply = await this.#serve(exchange, segments, readBody);
    } catch (error) {
      if (error instanceof ClientGone) return undefined;
      exchange.reply = this.#refuse(exchange, error);
    }
    exchange.latencyMs = Math.round(elapsed());
    exchange.reply = withIds(exchange.reply, exchange);
    this.#record(exchange);
    return exchange.reply;
  }

  async #serve(
    exchange: Exchange,
    segments: readonly string[],
    readBody: () => Promise<Buffer>,
  ): Promise<Reply> {
    const { incoming, stage } = exchange;
    if (headerBytes(incoming) > HEADERS_LIMIT_BYTES) {
      const message = `Request line and headers exceed ${HEADERS_LIMIT_BYTES} bytes.`;
      throw new GatewayError('REQUEST_TOO_LARGE', { status: 431, message });
    }
    const match = findRoute(stage, incoming, segments);
    exchange.match = match;
    const { integration } = match.method;
    if (integration.kind === 'not-emulated') throw new NotEmulatedError(integration.reason);
    await this.#authorize(match, exchange);
    this.#admit(exchange, match);
    const body = await readBody();
    validate(match, incoming, body);
    if (integration.kind === 'mock') return answerMock(integration, contextVariables(exchange));
    const elapsed = stopwatch(this.#options.clock);
    const record = (status: number) => {
      exchange.integration = { status, latencyMs: Math.round(elapsed()) };
    };
    try {
      const { lambda, clock } = this.#options;
      const request = { incoming, stage, match, body, apiKey: exchange.apiKey };
      const payload = await invokeFunction(integration, request, lambda, clock);
      record(200);
      return readProxyResponse(payload, stage.api.binaryMediaTypes, lastHeader(incoming.headers, 'accept'));
    } catch (error) {
      if (exchange.integration === undefined) record(error instanceof GatewayError ? error.status : 500);
      throw error;
    }
  }

  async #authorize({ method }: Match, { incoming, stage }: Exchange): Promise<void> {
    const { authorization } = method;
    if (authorization.kind === 'iam') {
      await authorizeSigned(this.#options.authorization, { incoming, stage });
    } else if (authorization.kind === 'token') {
      await this.#tokens.authorize(authorization.authorizer, { incoming, stage });
    }
  }

  /** The API key with its usage plan, and the stage's own throttling. */
  #admit(exchange: Exchange, match: Match): void {
    const { stage, incoming } = exchange;
    const now = this.#options.clock.now();
    if (match.method.apiKeyRequired) {
      const value = lastHeader(incoming.headers, 'x-api-key');
      exchange.apiKey = this.#options.usagePlans.admit(stage, match.method, value, now);
    }
    const throttle = methodSetting(stage, match.method, 'throttle');
    const key = `${stage.name} ${match.method.httpMethod} ${match.method.resourcePath}`;
    if (throttle !== undefined && !this.#buckets.take(key, throttle, now)) {
      throw new GatewayError('THROTTLED', { reason: 'the method is over its rate or burst limit' });
    }
  }

  #refuse(exchange: Exchange, error: unknown): Reply {
    if (error instanceof NotEmulatedError) {
      return messageReply(501, `Not emulated by the local cloud: ${error.message}`);
    }
    const known = error instanceof GatewayError;
    if (!known) this.#options.log.warn(`${exchange.incoming.path}: ${(error as Error).stack}`);
    const failure = known ? error : new GatewayError('API_CONFIGURATION_ERROR', { reason: String(error) });
    exchange.error = failure;
    const accept = lastHeader(exchange.incoming.headers, 'accept');
    return renderGatewayError(
      failure,
      exchange.stage.api.gatewayResponses,
      contextVariables(exchange),
      accept,
    );
  }

  #record(exchange: Exchange): void {
    const { log, metrics, clock, onExchange } = this.#options;
    const { stage, incoming, error, reply } = exchange;
    const executionLog = `API-Gateway-Execution-Logs_${stage.api.id}/${stage.name}`;
    if (error?.reason !== undefined) log.group(executionLog, `(${incoming.requestId}) ${error.reason}`);
    log.group(executionLog, `(${incoming.requestId}) Method completed with status: ${reply?.status}`);
    if (error?.reason !== undefined && error.status >= 500) {
      log.warn(`${incoming.httpMethod} ${incoming.path}: ${error.reason}`);
    }
    if (stage.accessLog !== undefined) {
      log.group(
        stage.accessLog.logGroup,
        substitute(stage.accessLog.format, contextVariables(exchange), '-'),
      );
    }
    recordMetrics(metrics, exchange, clock.now());
    onExchange(exchange);
  }
}

function findRoute(stage: Stage, incoming: Incoming, segments: readonly string[]): Match {
  let match: Match | undefined;
  try {
    match = matchRoute(stage.api.routes, incoming.httpMethod, segments);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new GatewayError('BAD_REQUEST_PARAMETERS', {
      message: 'Bad Request',
      reason: 'the path is not valid URL encoding',
    });
  }
  if (match === undefined) {
    const reason = `no method of ${stage.api.name} fits ${incoming.httpMethod} /${segments.join('/')}`;
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', { reason });
  }
  return match;
}

function validate({ method, pathParameters }: Match, incoming: Incoming, body: Buffer): void {
  const query = new URLSearchParams(incoming.query);
  const missing = method.requiredParameters.filter((parameter) => {
    const [place, ...rest] = parameter.split('.');
    const name = rest.join('.');
    if (place === 'querystring') return !query.has(name);
    if (place === 'header') return lastHeader(incoming.headers, name.toLowerCase()) === undefined;
    return pathParameters[name] === undefined;
  });
  if (missing.length > 0) {
    const names = missing.map((parameter) => parameter.split('.').slice(1).join('.'));
    const message = `Missing required request parameters: [${names.join(', ')}]`;
    throw new GatewayError('BAD_REQUEST_PARAMETERS', { message, validationErrors: message });
  }
  method.validateBody?.(body, lastHeader(incoming.headers, 'content-type'));
}

/** Adds the headers by which a request is found again in logs and traces. */
function withIds(reply: Reply, { incoming, stage }: Exchange): Reply {
  const ids: [string, string][] = [
    ['x-amzn-RequestId', incoming.requestId],
    ['x-amz-apigw-id', incoming.extendedRequestId],
  ];
  if (stage.tracing && headerOf(reply, 'x-amzn-trace-id') === undefined) {
    ids.push(['X-Amzn-Trace-Id', incoming.traceHeader]);
  }
  return { ...reply, headers: [...reply.headers, ...ids] };
}
