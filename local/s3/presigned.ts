import { AwsError } from '../core/wire/aws-error.ts';

/** `20260131T235959Z`, as signatures write times. */
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Refuses a presigned URL whose time is over.
 * @throws {AwsError} AccessDenied, as S3 words it, or AuthorizationQueryParametersError where the URL has no time
 */
export function checkPresigned(query: URLSearchParams, now: number): void {
  if (!query.has('X-Amz-Credential')) return;
  const [, ...parts] = TIME.exec(query.get('X-Amz-Date') ?? '') ?? [];
  const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number);
  const expires = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  if (parts.length === 0 || !(expires > 0)) {
    throw new AwsError(
      400,
      'AuthorizationQueryParametersError',
      'X-Amz-Date must be a time and X-Amz-Expires a number of seconds.',
    );
  }
  if (now > Date.UTC(year, month - 1, day, hour, minute, second) + expires * 1000)
    throw new AwsError(403, 'AccessDenied', 'Request has expired');
}
