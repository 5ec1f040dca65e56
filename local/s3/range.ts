import { AwsError } from '../core/wire/aws-error.ts';

/** A part of an object; both ends belong to it. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The part of `length` bytes that a `Range` header asks for; undefined where it asks for everything. A header that is no
 * range of bytes is ignored, as HTTP says (RFC 9110, section 14.2).
 * @throws {AwsError} InvalidRange where it lies outside, NotImplemented where it names several
 */
export function rangeOf(header: string | undefined, length: number): Range | undefined {
  if (header?.includes(',')) throw new AwsError(501, 'NotImplemented', 'The local cloud answers one range.');
  const [match, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (match === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  if (from >= length || to < from)
    throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable');
  return { from, to };
}
