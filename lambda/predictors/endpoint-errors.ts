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

/**
 * What a failed `InvokeEndpoint` means to the client (SageMaker Runtime API reference, InvokeEndpoint, "Errors"). What is
 * neither the model's fault nor its load's, such as AccessDenied or an endpoint that does not exist, passes unchanged and
 * becomes `internal-error`.
 */
export function asProblem(error: unknown, deadlinePassed: boolean): unknown {
  const { name = '', code = '', message = '', OriginalStatusCode } = error as ServiceError;
  if (deadlinePassed || name === 'TimeoutError' || name === 'AbortError') {
    return new ProblemError(
      'model-timeout',
      'The model did not answer in time. Try again, or send fewer inputs.',
      {
        cause: error,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }
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
  if (name === 'ModelError') return containerProblem(error, OriginalStatusCode);
  const unavailable =
    [
      'ServiceUnavailable',
      'ModelNotReadyException',
      'InternalDependencyException',
      'InternalFailure',
    ].includes(name) ||
    CONNECTION_FAILURES.has(code) ||
    /socket hang up/.test(message);
  if (unavailable) {
    return new ProblemError(
      'model-unavailable',
      'The model can not be reached at the moment. Try again shortly.',
      {
        cause: error,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }
  return error;
}

/** SageMaker's throttling arrives as HTTP 400 with an empty or a vague message; only its name tells. */
function isThrottling({ name = '', $metadata }: ServiceError): boolean {
  return (
    /^(ThrottlingException|TooManyRequestsException|Throttling)$/.test(name) ||
    $metadata?.httpStatusCode === 429
  );
}

function containerProblem(error: unknown, status: number | undefined): ProblemError {
  if (status === 503 || status === 429) {
    return new ProblemError('model-unavailable', 'The model is busy or restarting. Try again shortly.', {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  return new ProblemError('model-error', 'The model failed on this request.', { cause: error });
}
