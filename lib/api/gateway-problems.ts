import { GatewayResponse, type IRestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import {
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemCode,
  problemDocument,
} from '../../contract/problems.ts';

/** What API Gateway puts in place of the id when it answers. */
export const GATEWAY_REQUEST_ID = '$context.requestId';

interface GatewayProblem {
  readonly type: ResponseType;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

const TRY_AGAIN = 'Try again; if it persists, report the instance of this problem.';

/**
 * Every answer that API Gateway may give by itself. The texts are fixed: `$context.error.validationErrorString` holds
 * quotes that API Gateway does not escape, and would make the document invalid JSON.
 */
export const GATEWAY_PROBLEMS: readonly GatewayProblem[] = [
  // API Gateway's name for "no such resource".
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'route-not-found',
    detail: 'No such route. GET openapi.json below the base path lists the routes.',
  },
  { type: ResponseType.RESOURCE_NOT_FOUND, code: 'route-not-found', detail: 'No such route.' },
  {
    type: ResponseType.INVALID_API_KEY,
    code: 'api-key-invalid',
    detail: 'Send a valid API key in the x-api-key header.',
  },
  ...[
    ResponseType.UNAUTHORIZED,
    ResponseType.ACCESS_DENIED,
    ResponseType.EXPIRED_TOKEN,
    ResponseType.INVALID_SIGNATURE,
  ].map((type) => ({
    type,
    code: 'api-key-invalid' as const,
    detail: 'This API takes API keys only. Send one in the x-api-key header, and no Authorization header.',
  })),
  {
    type: ResponseType.THROTTLED,
    code: 'rate-limit-exceeded',
    detail: 'More requests than the usage plan allows. Wait a second, then slow down.',
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    code: 'quota-exceeded',
    detail:
      "The key's requests of this period are used up. Wait for the next period, or ask for a larger quota.",
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    code: 'payload-too-large',
    detail:
      'API Gateway takes bodies of up to 10 MB, the functions behind it somewhat less. Send several requests.',
  },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    code: 'invalid-request',
    detail: 'The body does not have the form of this route. GET openapi.json has the schemas.',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    code: 'bad-request',
    detail: 'A parameter is missing or malformed. GET openapi.json has the parameters.',
  },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, code: 'bad-request', detail: 'Send application/json.' },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    code: 'gateway-timeout',
    detail: `The request took longer than the gateway waits. ${TRY_AGAIN}`,
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    code: 'internal-error',
    detail: `The service failed. ${TRY_AGAIN}`,
  },
  ...[
    ResponseType.API_CONFIGURATION_ERROR,
    ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    ResponseType.AUTHORIZER_FAILURE,
  ].map((type) => ({
    type,
    code: 'internal-error' as const,
    detail: `The service is set up wrongly. ${TRY_AGAIN}`,
  })),
  { type: ResponseType.WAF_FILTERED, code: 'bad-request', detail: 'A firewall refused the request.' },
  {
    type: ResponseType.DEFAULT_5XX,
    code: 'internal-error',
    detail: `The service failed. ${TRY_AGAIN}`,
  },
  { type: ResponseType.DEFAULT_4XX, code: 'bad-request', detail: 'The gateway refused the request.' },
];

/** Makes every answer of the gateway itself a problem document. */
export function addGatewayProblems(scope: Construct, restApi: IRestApi): void {
  for (const { type, code, detail, retryAfterSeconds } of GATEWAY_PROBLEMS) {
    new GatewayResponse(scope, type.responseType, {
      restApi,
      type,
      statusCode: String(PROBLEMS[code].status),
      responseHeaders: {
        'Content-Type': `'${PROBLEM_CONTENT_TYPE}'`,
        ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      templates: { 'application/json': JSON.stringify(problemDocument(code, detail, GATEWAY_REQUEST_ID)) },
    });
  }
}
