import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { LocalLog } from '../core/plugin/log.ts';
import type { AwsApi, AwsRequest, AwsResponse } from '../core/wire/aws-api.ts';
import { FunctionNotFound, FunctionsEnded, NotEmulated, RequestTooLarge } from './errors.ts';
import type { LocalLambda } from './local-lambda.ts';
import { type InvokeResult, LambdaThrottled } from './service.ts';

const INVOCATIONS = /^\/2015-03-31\/functions\/(?<name>[^/]+)\/invocations\/?$/;
/** When Lambda tries an asynchronous invocation again: a minute after the first failure, two after the second. */
const RETRIES_AFTER_MS = [60_000, 120_000];

/** Lambda's own API behind the front door: Invoke, and nothing else. */
export class LambdaApi implements AwsApi {
  readonly signingName = 'lambda';
  readonly deniedStatus = 403;
  readonly #lambda: LocalLambda;
  readonly #clock: Clock;
  readonly #log: LocalLog;

  constructor(lambda: LocalLambda, clock: Clock, log: LocalLog) {
    this.#lambda = lambda;
    this.#clock = clock;
    this.#log = log;
  }

  operation(request: AwsRequest): string | undefined {
    return request.method === 'POST' && INVOCATIONS.test(request.path) ? 'InvokeFunction' : undefined;
  }

  permissions(request: AwsRequest) {
    return [{ action: 'lambda:InvokeFunction', resource: this.#arn(functionOf(request)) }];
  }

  async handle(request: AwsRequest): Promise<AwsResponse> {
    try {
      return await this.#invoke(request);
    } catch (error) {
      return this.#refuse(error);
    }
  }

  error(status: number, code: string, message: string): AwsResponse {
    return lambdaError(status, code, message);
  }

  async #invoke(request: AwsRequest): Promise<AwsResponse> {
    const target = this.#lambda.catalogue.find(functionOf(request));
    const event = parseEvent(request.body);
    if (event instanceof SyntaxError) {
      return lambdaError(
        400,
        'InvalidRequestContentException',
        `Could not parse request body into json: ${event.message}`,
      );
    }
    const traceId = request.headers['x-amzn-trace-id'];
    const options = { requestId: request.requestId, ...(traceId !== undefined && { traceId }) };
    const executed = { 'X-Amz-Executed-Version': target.version };
    switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'DryRun':
        return { status: 204, headers: executed, body: '' };
      case 'Event':
        void this.#invokeLater(target.invokedArn, event, options, 0);
        return { status: 202, body: '' };
      default: {
        const result = await this.#lambda.invoke(target.invokedArn, event, options);
        const failed =
          result.functionError === undefined ? {} : { 'X-Amz-Function-Error': result.functionError };
        const headers = { 'Content-Type': 'application/json', ...executed, ...failed };
        return { status: 200, headers, body: JSON.stringify(result.payload) };
      }
    }
  }

  /** An asynchronous invocation; a function error or a throttle is tried again, twice. */
  async #invokeLater(
    arn: string,
    event: unknown,
    options: { readonly requestId: string; readonly traceId?: string },
    attempt: number,
  ): Promise<void> {
    const result = await this.#lambda.invoke(arn, event, options).catch((error: Error): InvokeResult => {
      return { payload: { errorMessage: error.message }, functionError: 'Unhandled' };
    });
    if (result.functionError === undefined) return;
    const delay = RETRIES_AFTER_MS[attempt];
    if (delay === undefined)
      this.#log.warn(`${arn}: the asynchronous event ${options.requestId} is given up after 3 attempts`);
    else this.#clock.after(delay, () => void this.#invokeLater(arn, event, options, attempt + 1));
  }

  #refuse(error: unknown): AwsResponse {
    if (error instanceof FunctionNotFound)
      return lambdaError(404, 'ResourceNotFoundException', error.message);
    if (error instanceof RequestTooLarge) return lambdaError(413, 'RequestTooLargeException', error.message);
    if (error instanceof NotEmulated) return lambdaError(501, 'NotEmulatedException', error.message);
    if (error instanceof LambdaThrottled) {
      const Reason = 'ReservedFunctionConcurrentInvocationLimitExceeded';
      return lambdaError(429, 'TooManyRequestsException', error.message, { Reason });
    }
    // No fault: a function that asked for this one is ended with it.
    if (error instanceof FunctionsEnded) return lambdaError(500, 'ServiceException', error.message);
    this.#log.warn(`lambda:InvokeFunction failed: ${(error as Error).stack}`);
    return lambdaError(500, 'ServiceException', `An internal error occurred (${randomUUID()})`);
  }

  /** The full ARN that policies speak of, also for a function that does not exist. */
  #arn(functionName: string): string {
    try {
      return this.#lambda.catalogue.find(functionName).invokedArn;
    } catch {
      return functionName.startsWith('arn:') ? functionName : `arn:aws:lambda:*:*:function:${functionName}`;
    }
  }
}

/** An error in the form of Lambda's REST API. */
function lambdaError(status: number, code: string, message: string, more: object = {}): AwsResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': code },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message, ...more }),
  };
}

/** The function that a request names in its path, with the qualifier of its query. */
function functionOf(request: AwsRequest): string {
  const name = decodeURIComponent(INVOCATIONS.exec(request.path)?.groups?.name ?? '');
  const qualifier = request.query.get('Qualifier');
  return qualifier === null ? name : `${name}:${qualifier}`;
}

function parseEvent(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    return error;
  }
}
