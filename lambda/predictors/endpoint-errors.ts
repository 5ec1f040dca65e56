import { ProblemError } from '../../contract/problems/problems.ts';

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

/** Seconds after which a model whose first instance has to start is worth another try: that takes minutes. */
const START_RETRY_AFTER_SECONDS = 60;

/** How SageMaker refuses a request for a component without copies; its name alone, `ValidationError`, says much else too. */
const NO_COPIES = /Inference Component has no capacity/i;

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
  if (name === 'ValidationError' && NO_COPIES.test((error as ServiceError).message ?? ''))
    return starting(error);
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

function starting(cause: unknown): ProblemError {
  return new ProblemError(
    'model-starting',
    'Nobody has asked the model for a while, and its instances are gone. The first one is being started, which takes some minutes. Try again then.',
    {
      cause,
      retryAfterSeconds: START_RETRY_AFTER_SECONDS,
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
