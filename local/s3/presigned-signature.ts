import { createHash, createHmac } from 'node:crypto';
import type { AwsRequest } from '../core/wire/aws-api.ts';
import { AwsError } from '../core/wire/aws-error.ts';

type Signable = Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>;

/**
 * Refuses a request to a presigned URL that is not the one the URL was made for: another key, or other values of the headers
 * that were signed, such as the type and the length of a file. Elsewhere signatures are not verified, because keys are
 * public here; a presigned URL's terms exist nowhere but in its signature.
 * @param secretAccessKey that of whoever signed
 * @throws {AwsError} SignatureDoesNotMatch, as S3 words it
 */
export function checkPresignedSignature(request: Signable, secretAccessKey: string): void {
  const { query } = request;
  if (!query.has('X-Amz-Signature')) return;
  if (signatureOf(request, secretAccessKey) === query.get('X-Amz-Signature')) return;
  throw new AwsError(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

/** Signature Version 4 in the query (S3 API reference, "Authenticating Requests: Using Query Parameters"). */
function signatureOf(request: Signable, secretAccessKey: string): string {
  const { query } = request;
  const [date = '', region = '', service = ''] = (query.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const text = [
    'AWS4-HMAC-SHA256',
    query.get('X-Amz-Date') ?? '',
    `${date}/${region}/${service}/aws4_request`,
    createHash('sha256').update(canonicalRequest(request)).digest('hex'),
  ].join('\n');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

function canonicalRequest({ method, path, query, headers }: Signable): string {
  const signedHeaders = query.get('X-Amz-SignedHeaders') ?? '';
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort();
  const lines = signedHeaders
    .split(';')
    .map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  return [method, path, parameters.join('&'), lines.join(''), signedHeaders, 'UNSIGNED-PAYLOAD'].join('\n');
}

/** RFC 3986: what `encodeURIComponent` leaves of the reserved characters is encoded too. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
