import { z } from 'zod';
import type { AwsRequest, AwsResponse, LocalCloud } from '../core/plugin.ts';
import type { Endpoint } from './endpoint.ts';

/** The operation in the protocol of SageMaker's control plane. */
const TARGET = 'SageMaker.DescribeEndpoint';

const input = z.looseObject({ EndpointName: z.string() });

/** The endpoint that a request wants described; undefined where it wants something else. */
export function describedEndpointOf(request: AwsRequest): string | undefined {
  if (request.headers['x-amz-target'] !== TARGET) return undefined;
  const parsed = input.safeParse(parseJson(request.body));
  return parsed.success ? parsed.data.EndpointName : '';
}

/** What SageMaker tells of an endpoint: its state, its configuration and its variants. */
export function describeEndpoint(endpoint: Endpoint, cloud: LocalCloud): AwsResponse {
  const { name, configName, variants } = endpoint;
  const body = {
    EndpointName: name,
    EndpointArn: `arn:aws:sagemaker:${cloud.region}:${cloud.accountId}:endpoint/${name}`,
    EndpointConfigName: configName,
    // A process that is started, or started again, is there soon.
    EndpointStatus: variants.every(({ isUp }) => isUp) ? 'InService' : 'Updating',
    ProductionVariants: variants.map(({ declared, instanceCount }) => ({
      VariantName: declared.name,
      CurrentWeight: declared.weight,
      DesiredWeight: declared.weight,
      ...(declared.serverless === undefined && {
        CurrentInstanceCount: instanceCount,
        DesiredInstanceCount: instanceCount,
      }),
    })),
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
