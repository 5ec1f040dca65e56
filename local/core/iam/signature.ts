/** What a Signature Version 4 says about a request. The signature itself is not verified: keys are public here. */
export interface Signed {
  readonly accessKeyId: string;
  /** The service's signing name from the credential scope. */
  readonly service: string;
  readonly region: string;
}

/** Reads the credential scope from the `Authorization` header or a presigned URL; undefined where unsigned. */
export function readSignature(authorization: string | undefined, query: URLSearchParams): Signed | undefined {
  const credential =
    authorization === undefined
      ? query.get('X-Amz-Credential')
      : (/^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(authorization)?.[1] ?? null);
  if (credential === null) return undefined;
  // An access key may not hold a slash, but a key typed by hand might; the scope's four parts are at the end.
  const parts = credential.split('/');
  const [region, service, terminator] = parts.slice(-3);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (terminator !== 'aws4_request' || accessKeyId === '' || region === undefined || !service)
    return undefined;
  return { accessKeyId, service, region };
}
