import { ProblemError } from '../contract/problems/problems.ts';

/** Seconds after which a table or bucket that is away is worth another try. */
const RETRY_AFTER_SECONDS = 2;

/**
 * What tables and buckets answer where this side is set up wrongly, so that waiting does not mend it (S3 API reference,
 * "Error responses"; DynamoDB developer guide, "Error messages and codes").
 */
const PERMANENT = new Set([
  // What the function may not do, or nobody may with its credentials.
  'AccessDenied',
  'AccessDeniedException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  // A bucket or table that does not exist, or that is elsewhere.
  'NoSuchBucket',
  'PermanentRedirect',
  'ResourceNotFoundException',
  // A request that was never valid.
  'ValidationException',
]);

/**
 * What a failed call to a table or bucket means to the client: what may pass by itself is `store-unavailable`, told in the
 * given words. What is permanent stays what it is and becomes `internal-error`: nobody should be asked to try again in vain.
 */
export function asStoreProblem(error: unknown, unavailable: string): unknown {
  if (error instanceof ProblemError || PERMANENT.has((error as Error).name)) return error;
  return new ProblemError('store-unavailable', unavailable, {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
