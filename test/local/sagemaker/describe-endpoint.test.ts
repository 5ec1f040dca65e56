import { describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../../local/core/plugin/local-cloud.ts';
import type { AwsRequest } from '../../../local/core/wire/aws-api.ts';
import { describedEndpointOf, describeEndpoint } from '../../../local/sagemaker/describe-endpoint.ts';
import type { Endpoint } from '../../../local/sagemaker/endpoint.ts';

const cloud = { region: 'us-east-1', accountId: '000000000000' } as LocalCloud;

function endpointOf(isUp: boolean, serverless?: object): Endpoint {
  const declared = { name: 'champion', weight: 1, serverless };
  const variants = [{ declared, instanceCount: 2, isUp }];
  return { name: 'barley', configName: 'config-2', variants } as unknown as Endpoint;
}

const described = (endpoint: Endpoint) => JSON.parse(String(describeEndpoint(endpoint, cloud).body));

describe('an endpoint that is described', () => {
  it('says which configuration it serves, and how many instances', () => {
    expect(described(endpointOf(true))).toMatchObject({
      EndpointName: 'barley',
      EndpointArn: 'arn:aws:sagemaker:us-east-1:000000000000:endpoint/barley',
      EndpointConfigName: 'config-2',
      EndpointStatus: 'InService',
      ProductionVariants: [{ VariantName: 'champion', CurrentWeight: 1, CurrentInstanceCount: 2 }],
    });
  });

  it('is not in service while its model is not', () => {
    expect(described(endpointOf(false)).EndpointStatus).toBe('Updating');
  });

  it('has no instances to count where it is serverless', () => {
    expect(described(endpointOf(true, {})).ProductionVariants[0]).not.toHaveProperty('CurrentInstanceCount');
  });
});

describe('a request for a description', () => {
  const request = (target: string, body: string) =>
    ({ headers: { 'x-amz-target': target }, body: Buffer.from(body) }) as unknown as AwsRequest;

  it('is known by its target, and names its endpoint', () => {
    expect(describedEndpointOf(request('SageMaker.DescribeEndpoint', '{"EndpointName":"barley"}'))).toBe(
      'barley',
    );
    expect(
      describedEndpointOf(request('SageMaker.DeleteEndpoint', '{"EndpointName":"barley"}')),
    ).toBeUndefined();
    expect(describedEndpointOf(request('SageMaker.DescribeEndpoint', '{}'))).toBe('');
    expect(() => describedEndpointOf(request('SageMaker.DescribeEndpoint', 'no JSON'))).toThrow(
      'The body is not JSON.',
    );
  });
});
