import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../contract/problems/problems.ts';
import { asStoreProblem } from '../../lambda/store-errors.ts';

const named = (name: string) => Object.assign(new Error('as the service says it'), { name });

describe('a call to a table or bucket that failed', () => {
  it.each([
    'InternalServerError',
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'RequestLimitExceeded',
    'SlowDown',
    'TimeoutError',
    'AbortError',
    'ExpiredTokenException',
    'Error',
  ])('may be tried again: %s', (name) => {
    const cause = named(name);

    const problem = asStoreProblem(cause, 'The shelf is away.');

    expect(problem).toBeInstanceOf(ProblemError);
    expect(problem).toMatchObject({
      code: 'store-unavailable',
      message: 'The shelf is away.',
      retryAfterSeconds: 2,
      cause,
    });
  });

  it.each([
    'AccessDenied',
    'AccessDeniedException',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'UnrecognizedClientException',
    'NoSuchBucket',
    'PermanentRedirect',
    'ResourceNotFoundException',
    'ValidationException',
  ])('stays what it is, for waiting does not mend it: %s', (name) => {
    const error = named(name);
    expect(asStoreProblem(error, 'The shelf is away.')).toBe(error);
  });

  it('keeps the words that a problem has already', () => {
    const problem = new ProblemError('store-unavailable', 'The table is away.');
    expect(asStoreProblem(problem, 'The shelf is away.')).toBe(problem);
  });
});
