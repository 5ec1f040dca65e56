/** The kinds of answer that API Gateway gives itself, with their default status and message. */
const TYPES = {
  ACCESS_DENIED: { status: 403, message: 'Forbidden', errorType: 'AccessDeniedException' },
  API_CONFIGURATION_ERROR: {
    status: 500,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    message: 'Internal server error',
    errorType: 'AuthorizerConfigurationException',
  },
  BAD_REQUEST_BODY: { status: 400, message: 'Invalid request body', errorType: 'BadRequestException' },
  BAD_REQUEST_PARAMETERS: {
    status: 400,
    message: 'Invalid request parameters',
    errorType: 'BadRequestException',
  },
  INTEGRATION_FAILURE: {
    status: 504,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    errorType: 'InternalServerErrorException',
  },
  INVALID_SIGNATURE: {
    status: 403,
    message: 'The request signature we calculated does not match the signature you provided.',
    errorType: 'InvalidSignatureException',
  },
  INVALID_API_KEY: { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  QUOTA_EXCEEDED: { status: 429, message: 'Limit Exceeded', errorType: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'RequestTooLargeException' },
  THROTTLED: { status: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Unsupported Media Type',
    errorType: 'BadRequestException',
  },
} as const;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
export type GatewayResponseType = keyof typeof TYPES;

export interface GatewayErrorOptions {
  /** Where API Gateway's answer differs from the type's default. */
  readonly status?: number;
  readonly message?: string;
  /** What a request validator found, in API Gateway's words. */
  readonly validationErrors?: string;
  /** Why, for the execution log; a client never sees it. */
  readonly reason?: string;
}

/** A request that API Gateway answers itself, without or in place of the integration's answer. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayResponseType;
  readonly status: number;
  /** The value of the `x-amzn-ErrorType` header. */
  readonly errorType: string;
  readonly validationErrors: string | undefined;
  readonly reason: string | undefined;

  constructor(type: GatewayResponseType, options: GatewayErrorOptions = {}) {
    super(options.message ?? TYPES[type].message);
    this.type = type;
    this.status = options.status ?? TYPES[type].status;
    this.errorType = TYPES[type].errorType;
    this.validationErrors = options.validationErrors;
    this.reason = options.reason;
  }
}

/** A request that AWS would serve and that is not emulated here. */
export class NotEmulatedError extends Error {
  override readonly name = 'NotEmulatedError';
}
