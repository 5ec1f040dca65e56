import { ProblemError } from '../../contract/problems.ts';

/** What the AWS SDK's errors have in common, as far as it matters here. */
interface ServiceError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  /** SageMaker's `ModelError`: the status that the container answered. */
  readonly OriginalStatusCode?: number;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Seconds after which a throttled or starting model is worth another try. */
const RETRY_AFTER_SECONDS = 1;

const CONNECTION_FAILURES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** Whether a request broke off before it was answered: the SDK calls some of these timeouts, which they are not. */
export function isConnectionFailure(error: unknown): boolean {
  const { code = '', message = '' } = error as ServiceError;
  return CONNECTION_FAILURES.has(code) || /socket hang up/.test(message);
}

/** Failures of SageMaker itself. */
const OUTAGES = new Set([
  'ServiceUnavailable',
  'ModelNotReadyException',
  'InternalDependencyException',
  'InternalFailure',
]);

/**
 * What a failed `InvokeEndpoint` means to the client (SageMaker Runtime API reference, InvokeEndpoint, "Errors"). What is
 * neither the model's fault nor its load's, such as AccessDenied or an endpoint that does not exist, passes unchanged and
 * becomes `internal-error`.
 */
export function asProblem(error: unknown, deadlinePassed: boolean): unknown {
  const { name = '', OriginalStatusCode } = error as ServiceError;
  if (deadlinePassed) return timedOut(error);
  if (isConnectionFailure(error) || OUTAGES.has(name)) return unavailable(error);
  if (name === 'TimeoutError' || name === 'AbortError') return timedOut(error);
  if (isThrottling(error as ServiceError)) {
    return new ProblemError(
      'model-throttled',
      'The model serves as many requests as it can. Try again shortly.',
      {
        cause: error,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }
  return name === 'ModelError' ? containerProblem(error, OriginalStatusCode) : error;
}

/** What the container answered, or 0 where it died before it could. */
function containerProblem(error: unknown, status: number | undefined): ProblemError {
  if (status === 504) return timedOut(error);
  if (status === 413) {
    return new ProblemError(
      'payload-too-large',
      'The model server does not take so much at once. Send fewer inputs.',
      {
        cause: error,
      },
    );
  }
  if (status === 0 || status === 429 || status === 503) return unavailable(error);
  return new ProblemError('model-error', 'The model failed on this request.', { cause: error });
}

function timedOut(cause: unknown): ProblemError {
  return new ProblemError(
    'model-timeout',
    'The model did not answer in time. Try again, or send fewer inputs.',
    {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}

function unavailable(cause: unknown): ProblemError {
  return new ProblemError(
    'model-unavailable',
    'The model can not be reached at the moment. Try again shortly.',
    {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}

/** SageMaker's throttling arrives as HTTP 400 with an empty or a vague message; only its name tells. */
function isThrottling({ name = '', $metadata }: ServiceError): boolean {
  return (
    /^(ThrottlingException|TooManyRequestsException|Throttling)$/.test(name) ||
    $metadata?.httpStatusCode === 429
  );
}
