import { GatewayResponse, type IRestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { AccessKind } from '../../contract/deployment/deployment.ts';
import {
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemCode,
  problemDocument,
} from '../../contract/problems/problems.ts';

/** What API Gateway puts in place of the id when it answers. */
export const GATEWAY_REQUEST_ID = '$context.requestId';

interface GatewayProblem {
  readonly type: ResponseType;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

const TRY_AGAIN = 'Try again; if it persists, report the instance of this problem.';

const KEYS_ONLY: Pick<GatewayProblem, 'code' | 'detail'> = {
  code: 'api-key-invalid',
  detail: 'This API takes API keys only. Send one in the x-api-key header, and no Authorization header.',
};

const SIGN: Pick<GatewayProblem, 'code' | 'detail'> = {
  code: 'unauthorized',
  detail:
    'Sign the request with AWS Signature Version 4 for the service execute-api and the region of the API.',
};

const BEARER: Pick<GatewayProblem, 'code' | 'detail'> = {
  code: 'unauthorized',
  detail:
    'Send a token of the issuer that this API trusts, for its audience and not expired, as Authorization: Bearer <token>.',
};

const NO_SUCH_ROUTE: GatewayProblem = {
  // API Gateway's name for "no such resource".
  type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
  code: 'route-not-found',
  detail: 'No such route. GET openapi.json below the base path lists the routes.',
};

/** What API Gateway answers callers that it does not let in, by what they would need. */
const CLOSED: Readonly<Record<AccessKind, readonly GatewayProblem[]>> = {
  'api-key': [
    NO_SUCH_ROUTE,
    { type: ResponseType.UNAUTHORIZED, ...KEYS_ONLY },
    { type: ResponseType.ACCESS_DENIED, ...KEYS_ONLY },
    { type: ResponseType.EXPIRED_TOKEN, ...KEYS_ONLY },
    { type: ResponseType.INVALID_SIGNATURE, ...KEYS_ONLY },
  ],
  jwt: [
    NO_SUCH_ROUTE,
    { type: ResponseType.UNAUTHORIZED, ...BEARER },
    // The authorizer denies instead of failing, so that a bad token is no error of the function.
    { type: ResponseType.ACCESS_DENIED, ...BEARER },
    { type: ResponseType.EXPIRED_TOKEN, ...BEARER },
    { type: ResponseType.INVALID_SIGNATURE, ...BEARER },
  ],
  iam: [
    // API Gateway answers a route that does not exist and a request without a signature alike.
    {
      type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
      code: 'unauthorized',
      detail: `The request is not signed, or there is no such route. ${SIGN.detail}`,
    },
    { type: ResponseType.UNAUTHORIZED, ...SIGN },
    {
      type: ResponseType.ACCESS_DENIED,
      code: 'access-denied',
      detail:
        "The caller's policies do not allow execute-api:Invoke on this route. Ask whoever manages them.",
    },
    {
      type: ResponseType.EXPIRED_TOKEN,
      code: 'unauthorized',
      detail: 'The credentials have expired. Get new ones, and sign again.',
    },
    {
      type: ResponseType.INVALID_SIGNATURE,
      code: 'unauthorized',
      detail: `The signature does not fit the request, or is too old. ${SIGN.detail}`,
    },
  ],
};

/**
 * Every answer that API Gateway may give by itself, whatever the access. The texts are fixed: `$context.error.validationErrorString` holds
 * quotes that API Gateway does not escape, and would make the document invalid JSON.
 */
const COMMON: readonly GatewayProblem[] = [
  { type: ResponseType.RESOURCE_NOT_FOUND, code: 'route-not-found', detail: 'No such route.' },
  {
    type: ResponseType.INVALID_API_KEY,
    code: 'api-key-invalid',
    detail: 'Send a valid API key in the x-api-key header.',
  },
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
  {
    // The gateway is not told which rule it was.
    type: ResponseType.WAF_FILTERED,
    code: 'request-blocked',
    detail:
      'A firewall refused the request: this address sends more than it may, or the request looks like an attack. Wait a few minutes, then slow down; if it persists, report the instance of this problem.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    code: 'internal-error',
    detail: `The service failed. ${TRY_AGAIN}`,
  },
  { type: ResponseType.DEFAULT_4XX, code: 'bad-request', detail: 'The gateway refused the request.' },
];

const TOO_LARGE = {
  type: ResponseType.REQUEST_TOO_LARGE,
  code: 'payload-too-large',
} as const;

const SEVERAL_REQUESTS: GatewayProblem = {
  ...TOO_LARGE,
  detail:
    'API Gateway takes bodies of up to 10 MB, the functions behind it somewhat less. Send several requests.',
};

/** For a model that takes images, which are what makes a body so large. */
const UPLOAD_INSTEAD: GatewayProblem = {
  ...TOO_LARGE,
  detail:
    'API Gateway takes bodies of up to 10 MB, the functions behind it somewhat less. Upload the image instead: POST /uploads answers where to, and what to send here.',
};

export interface GatewayProblemOptions {
  readonly access: AccessKind;
  /** Whether the API has the route for uploads. */
  readonly uploads: boolean;
}

/** Makes every answer of the gateway itself a problem document. */
export function addGatewayProblems(
  scope: Construct,
  restApi: IRestApi,
  { access, uploads }: GatewayProblemOptions,
): void {
  const tooLarge = uploads ? UPLOAD_INSTEAD : SEVERAL_REQUESTS;
  for (const { type, code, detail, retryAfterSeconds } of [...CLOSED[access], ...COMMON, tooLarge]) {
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
