import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { CALLBACK_HEADER } from '../../contract/api/callbacks.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import {
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  ProblemError,
  type ProblemItem,
  problemDocument,
} from '../../contract/problems/problems.ts';
import { logger, metrics } from '../observability.ts';
import { callerKeyOf, identityOf } from './caller-key.ts';
import { type Deadline, deadlineOf } from './deadline.ts';
import { headerOf } from './headers.ts';
import { loggable } from './loggable.ts';
import { type Trace, traceOf } from './trace.ts';

/** A request as the operations see it. */
export interface ApiRequest extends Trace {
  /** The decoded body; null where there is none. */
  readonly body: string | null;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** The route as API Gateway spells it, for example `/predictions/{id}`. */
  readonly resource: string;
  /** API Gateway's id of the request: the `instance` of every problem, and in every log line. */
  readonly requestId: string;
  /** The stage's name: the model's base path. */
  readonly stage: string;
  readonly deadline: Deadline;
  /** Who asks: the same key is always answered by the same variant. */
  readonly callerKey: string;
  /** Whom API Gateway has identified, whatever the caller says. */
  readonly identity: string;
  /** Where the caller wants to be told what comes later, as it says itself. */
  readonly callbackUrl: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Further headers, for example `Location`. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

export type ApiHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/**
 * Turns an operation into a Lambda handler behind API Gateway: answers become JSON, a {@link ProblemError} becomes its
 * problem document, and whatever else is thrown is logged in full and hidden behind `internal-error`.
 */
export function apiHandler(operation: (request: ApiRequest) => Promise<ApiAnswer>): ApiHandler {
  return async (event, context) => {
    const { requestId } = event.requestContext;
    logger.addContext(context);
    const request = requestOf(event, context);
    logger.appendKeys({
      requestId,
      ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    });
    try {
      const { status, body, headers } = await operation(request);
      return response(status, 'application/json', body, headers);
    } catch (error) {
      return problemResponse(error, requestId);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      logger.resetKeys();
    }
  };
}

function requestOf(event: APIGatewayProxyEvent, context: Context): ApiRequest {
  const { body, isBase64Encoded } = event;
  return {
    body: body !== null && isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    pathParameters: event.pathParameters ?? {},
    resource: event.resource,
    requestId: event.requestContext.requestId,
    ...traceOf(event.headers),
    stage: event.requestContext.stage,
    deadline: deadlineOf(context),
    callerKey: callerKeyOf(event),
    identity: identityOf(event),
    callbackUrl: headerOf(event, CALLBACK_HEADER),
  };
}

function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const problem =
    error instanceof ProblemError
      ? error
      : new ProblemError(
          'internal-error',
          `The request was not carried out. Quote ${requestId} when you report it.`,
        );
  const { status } = PROBLEMS[problem.code];
  if (status >= 500)
    logger.error(problem.code, { error: loggable(problem === error ? (problem.cause ?? problem) : error) });
  else logger.info(problem.code, { items: problem.errors.slice(0, MAX_LOGGED_ITEMS).map(loggableItem) });
  countProblem(problem.code);
  const retry =
    problem.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(problem.retryAfterSeconds) };
  const document = problemDocument(problem.code, problem.message, requestId, problem.errors);
  return response(status, PROBLEM_CONTENT_TYPE, document, retry);
}

/** The most offending places of one request that are logged. */
const MAX_LOGGED_ITEMS = 10;

/** Where and what, never what was sent: a field that no contract declares is the client's text, so its parent is named. */
function loggableItem({ path, code }: ProblemItem): { path: string; code: string } {
  return { path: code === 'unknown-field' ? `${path.slice(0, path.lastIndexOf('/'))}/*` : path, code };
}

/** Counted in a set of dimensions of its own, so that the other metrics of the request keep theirs. */
function countProblem(code: string): void {
  const counter = metrics.singleMetric();
  counter.addDimension('code', code);
  counter.addMetric(METRICS.problems, MetricUnit.Count, 1);
}

function response(
  statusCode: number,
  contentType: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
