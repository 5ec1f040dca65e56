import type { ServicePlugin } from '../../../../local/core/plugin/service-plugin.ts';
import type { AwsRequest, AwsResponse } from '../../../../local/core/wire/aws-api.ts';
import { AwsError } from '../../../../local/core/wire/aws-error.ts';
import { jsonError } from '../../../../local/core/wire/wire-errors.ts';

export const ECHO_RESOURCE = 'arn:aws:echo:us-east-1:000000000000:thing/one';

/** What the echo service was told to keep metrics of. */
export interface Recorded {
  readonly status: number;
  readonly elapsedMs: number;
}

/** A service named `dynamodb` that answers a request with its own body, and fails where the body says so. */
export function echoPlugin(recorded: Recorded[] = []): ServicePlugin {
  const operation = (request: AwsRequest): string | undefined =>
    request.headers['x-amz-target']?.split('.')[1];
  return {
    name: 'echo',
    resourceTypes: {},
    async start() {
      return {
        api: {
          signingName: 'dynamodb',
          operation: (request) => (operation(request) === 'Unknown' ? undefined : operation(request)),
          permissions: (request) => [{ action: `dynamodb:${operation(request)}`, resource: ECHO_RESOURCE }],
          error: jsonError,
          handle: answer,
          record: (_request, response, elapsedMs) => recorded.push({ status: response.status, elapsedMs }),
        },
        processes: () => [{ name: 'echo', pid: 1 }],
        close: async () => undefined,
      };
    },
  };
}

async function answer(request: AwsRequest): Promise<AwsResponse> {
  const body = request.body.toString('utf8');
  if (body === 'aws error') throw new AwsError(400, 'EchoException', 'as asked');
  if (body === 'bug') throw new Error('secret detail');
  return {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: `${request.principal.kind}: ${body}`,
  };
}
