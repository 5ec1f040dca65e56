import type { AwsRequest, AwsResponse } from './aws-api.ts';
import { AwsError } from './aws-error.ts';

/** The operation that a request of AWS's JSON protocols names, for a service's prefix such as `SageMaker`. */
export function jsonOperation({ headers }: Pick<AwsRequest, 'headers'>, prefix: string): string | undefined {
  const [service, operation] = (headers['x-amz-target'] ?? '').split('.');
  return service === prefix ? operation : undefined;
}

/** What such a request asks with. @throws {AwsError} SerializationException where the body is not JSON */
export function jsonInput({ body }: Pick<AwsRequest, 'body'>): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError(400, 'SerializationException', 'The body is not JSON.');
  }
}

/** The answer to such a request. @param version of the protocol, as the service declares it */
export function jsonAnswer(body: object, version: '1.0' | '1.1'): AwsResponse {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  return { status: 200, headers, body: JSON.stringify(body) };
}
