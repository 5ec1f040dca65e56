import type { AwsRequest } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';

/** Conditions on reading that are not emulated: to ignore one would answer what was not asked for. */
const UNSUPPORTED = ['if-none-match', 'if-modified-since', 'if-unmodified-since'];

/** Refuses a request that is about an object with another tag. @throws {AwsError} PreconditionFailed */
export function refuseMismatch({ headers }: Pick<AwsRequest, 'headers'>, etag: string): void {
  const unsupported = UNSUPPORTED.find((name) => headers[name] !== undefined);
  if (unsupported !== undefined)
    throw new AwsError(501, 'NotImplemented', `The local cloud does not emulate ${unsupported}.`);
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted.replaceAll('"', '') === etag) return;
  throw new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  );
}
