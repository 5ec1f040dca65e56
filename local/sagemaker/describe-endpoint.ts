import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { AwsRequest, AwsResponse } from '../core/wire/aws-api.ts';
import { jsonAnswer, jsonInput, jsonOperation } from '../core/wire/json-protocol.ts';
import type { Endpoint } from './endpoint.ts';

const input = z.looseObject({ EndpointName: z.string() });

/** The endpoint that a request wants described; undefined where it wants something else. */
export function describedEndpointOf(request: AwsRequest): string | undefined {
  if (jsonOperation(request, 'SageMaker') !== 'DescribeEndpoint') return undefined;
  const parsed = input.safeParse(jsonInput(request));
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
  return jsonAnswer(body, '1.1');
}
