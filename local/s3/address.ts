import type { AwsRequest } from '../core/wire/aws-api.ts';

/** What a request is about. */
export interface Address {
  readonly bucket: string;
  /** Empty where the request is about the bucket itself. */
  readonly key: string;
}

/**
 * The bucket and the key of a request. SDKs put the bucket into the path where the endpoint is an IP address, and into the
 * host's name (`bucket.localhost`) where it has one.
 */
export function addressOf({ path, headers }: Pick<AwsRequest, 'path' | 'headers'>): Address {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const [, fromHost] = /^(.+)\.localhost$/.exec(host) ?? [];
  const decoded = decodeURIComponent(path.slice(1));
  if (fromHost !== undefined) return { bucket: fromHost, key: decoded };
  const slash = decoded.indexOf('/');
  return slash < 0
    ? { bucket: decoded, key: '' }
    : { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1) };
}

/** Parameters that say nothing about what is asked: the operation's own name, and a presigned URL's. */
const NEUTRAL = /^x-id$|^x-amz-/i;

/** The operation of a request, as S3 names it; undefined for what is not emulated. */
export function operationOf(request: AwsRequest): string | undefined {
  const { method, query } = request;
  const parameters = [...query.keys()].filter((name) => !NEUTRAL.test(name));
  if (addressOf(request).key === '')
    return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : undefined;
  if (parameters.length > 0 || request.headers['x-amz-copy-source'] !== undefined) return undefined;
  switch (method) {
    case 'PUT':
      return 'PutObject';
    case 'GET':
      return 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'DELETE':
      return 'DeleteObject';
    default:
      return undefined;
  }
}
