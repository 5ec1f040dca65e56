import type { RequiredPermission } from '../core/iam/permission.ts';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AwsApi, AwsRequest, AwsResponse } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';
import { escapeXml, xmlError } from '../core/wire/wire-errors.ts';
import { addressOf, operationOf } from './address.ts';
import { refuseMismatch } from './conditions.ts';
import type { BucketObjects } from './objects.ts';
import { checkPresigned } from './presigned.ts';
import { checkPresignedSignature } from './presigned-signature.ts';
import { rangeOf } from './range.ts';
import type { ObjectSummary } from './service.ts';

/** What IAM calls operations that it has no action of their own for. */
const ACTIONS: Readonly<Record<string, string>> = { HeadObject: 'GetObject', ListObjectsV2: 'ListBucket' };

/** Keys in one answer, where the request asks for no fewer (S3 API reference, ListObjectsV2). */
const LONGEST_LIST = 1000;

/** S3's own codes, where they are not the front door's. */
const CODES: Readonly<Record<string, string>> = { AccessDeniedException: 'AccessDenied' };

/** The S3 API, as far as it is emulated. */
export function createApi(cloud: LocalCloud, buckets: ReadonlyMap<string, BucketObjects>): AwsApi {
  const objectsOf = (request: AwsRequest): BucketObjects => {
    const objects = buckets.get(addressOf(request).bucket);
    if (objects === undefined) throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    return objects;
  };
  const run: Readonly<Record<string, (request: AwsRequest) => Promise<AwsResponse>>> = {
    PutObject: async (request) => {
      refuseStreaming(request);
      const type = request.headers['content-type'] ?? 'application/octet-stream';
      const { key } = addressOf(request);
      const { etag } = await objectsOf(request).put(key, request.body, type, cloud.clock.now());
      return { status: 200, headers: { etag: `"${etag}"` }, body: '' };
    },
    GetObject: (request) => read(request),
    // Node's server sends the headers of an answer to HEAD, and leaves its body out.
    HeadObject: (request) => read(request),
    DeleteObject: async (request) => {
      await objectsOf(request).delete(addressOf(request).key);
      return { status: 204, body: '' };
    },
    ListObjectsV2: async (request) => list(request, objectsOf(request)),
  };

  const read = async (request: AwsRequest): Promise<AwsResponse> => {
    const found = await objectsOf(request).get(addressOf(request).key);
    if (found === undefined) throw await missing(cloud, request);
    const { contentType, etag, lastModified, body } = found;
    refuseMismatch(request, etag);
    const headers = {
      'content-type': contentType,
      etag: `"${etag}"`,
      'last-modified': new Date(lastModified).toUTCString(),
      'accept-ranges': 'bytes',
    };
    const range = rangeOf(request.headers.range, body.length);
    if (range === undefined) return { status: 200, headers, body };
    const { from, to } = range;
    const contentRange = { 'content-range': `bytes ${from}-${to}/${body.length}` };
    return { status: 206, headers: { ...headers, ...contentRange }, body: body.subarray(from, to + 1) };
  };

  return {
    signingName: 's3',
    deniedStatus: 403,
    operation: operationOf,
    permissions: (request) => permissionsOf(request),
    handle: async (request) => {
      checkPresigned(request.query, cloud.clock.now());
      const { principal } = request;
      if (principal.kind === 'role') {
        const { secretAccessKey } = cloud.credentialsFor(principal.roleArn, principal.sessionName);
        checkPresignedSignature(request, secretAccessKey);
      }
      const operation = run[operationOf(request) ?? ''];
      if (operation === undefined) throw new AwsError(501, 'NotImplemented', 'This is not emulated.');
      return operation(request);
    },
    error: (status, code, message) => xmlError(status, CODES[code] ?? code, message, 's3'),
  };
}

function permissionsOf(request: AwsRequest): readonly RequiredPermission[] {
  const { bucket, key } = addressOf(request);
  const operation = operationOf(request) ?? '';
  const resource = key === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
  return [{ action: `s3:${ACTIONS[operation] ?? operation}`, resource }];
}

/** Who may not list a bucket is not told whether an object is missing. */
async function missing(cloud: LocalCloud, request: AwsRequest): Promise<AwsError> {
  const { principal } = request;
  const { bucket } = addressOf(request);
  const denial =
    principal.kind === 'developer'
      ? undefined
      : await cloud.denial(principal.roleArn, [
          { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` },
        ]);
  return denial === undefined
    ? new AwsError(404, 'NoSuchKey', 'The specified key does not exist.')
    : new AwsError(403, 'AccessDenied', denial);
}

/** Bodies whose length is not known beforehand come in signed chunks. */
function refuseStreaming({ headers }: AwsRequest): void {
  if (!/aws-chunked/.test(headers['content-encoding'] ?? '')) return;
  throw new AwsError(501, 'NotImplemented', 'The local cloud takes no aws-chunked uploads: send a buffer.');
}

function list({ query, ...request }: AwsRequest, objects: BucketObjects): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  if (query.has('delimiter'))
    throw new AwsError(501, 'NotImplemented', 'The local cloud lists without a delimiter only.');
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? LONGEST_LIST), LONGEST_LIST);
  const rest = objects.list(prefix).filter(({ key }) => after === '' || key > after);
  const page = rest.slice(0, limit);
  const isTruncated = rest.length > page.length;
  const { bucket } = addressOf(request);
  const next = isTruncated
    ? `<NextContinuationToken>${escapeXml(page.at(-1)?.key ?? '')}</NextContinuationToken>`
    : '';
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>${bucket}</Name><Prefix>${escapeXml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount>` +
    `<MaxKeys>${limit}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>${next}` +
    `${page.map(listed).join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function listed({ key, etag, size, lastModified }: ObjectSummary): string {
  return (
    `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(lastModified).toISOString()}</LastModified>` +
    `<ETag>"${etag}"</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}
