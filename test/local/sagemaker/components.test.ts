import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnEndpoint, CfnInferenceComponent, type CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { capacityOf } from '../../../local/core/plugin/capacity.ts';
import { createSageMakerPlugin } from '../../../local/sagemaker/plugin.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';
import { Hosting } from './fixture/stack.ts';

const assemblyDir = synthesizeStack((stack) => {
  const hosting = new Hosting(stack);
  const model = hosting.model('Main');
  const holding = hosting.componentEndpoint('holding');
  component(stack, 'sleeper', holding, model);
  role(stack, 'both', ['endpoint/holding', 'inference-component/sleeper']);
  role(stack, 'endpoint-only', ['endpoint/holding']);
  hosting.endpoint('plain', [{ model, initialInstanceCount: 1 }]);
  const crowded = hosting.componentEndpoint('crowded');
  component(stack, 'first', crowded, model);
  component(stack, 'second', crowded, model);
  hosting.componentEndpoint('empty');
});

let cloud: TestCloud;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, plugins: [createSageMakerPlugin()] });
  client = new SageMakerRuntimeClient(clientConfig(cloud));
});

function component(stack: Stack, name: string, endpoint: CfnEndpoint, model: CfnModel): void {
  new CfnInferenceComponent(stack, name, {
    inferenceComponentName: name,
    endpointName: endpoint.attrEndpointName,
    variantName: 'main',
    specification: { modelName: model.attrModelName },
    runtimeConfig: { copyCount: 1 },
  });
}

function role(stack: Stack, roleName: string, resources: readonly string[]): void {
  new Role(stack, roleName, {
    roleName,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  }).addToPolicy(
    new PolicyStatement({
      actions: ['sagemaker:InvokeEndpoint'],
      resources: resources.map((name) =>
        stack.formatArn({
          service: 'sagemaker',
          resource: name.split('/')[0] ?? '',
          resourceName: name.split('/')[1] ?? '',
        }),
      ),
    }),
  );
}

async function invoke(EndpointName: string, InferenceComponentName?: string, by = client): Promise<string> {
  const { Body } = await by.send(
    new InvokeEndpointCommand({ EndpointName, InferenceComponentName, Body: 'x', ContentType: 'text/plain' }),
  );
  return Body.transformToString();
}

function copies() {
  const found = capacityOf(
    cloud.services,
    'sagemaker:inference-component:DesiredCopyCount',
    'inference-component/sleeper',
  );
  if (found === undefined) throw new Error('the component offers no copies');
  return found;
}

const values = (name: string) =>
  cloud.recorded.of('AWS/SageMaker', name, { InferenceComponentName: 'sleeper' }).map(({ value }) => value);

describe('an inference component', () => {
  it('answers by its name, and counts its invocations by copy', async () => {
    expect(JSON.parse(await invoke('holding', 'sleeper'))).toHaveProperty('pid');
    expect(values('Invocations')).toEqual([1]);
    expect(values('InvocationsPerCopy')).toEqual([1]);
    expect(values('ModelLatency')).toHaveLength(1);
  });

  it('has no capacity without a copy, says so, counts it, and answers again when it has one', async () => {
    copies().change(0);
    await expect(invoke('holding', 'sleeper')).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/^Inference Component has no capacity to process this request\./),
      $metadata: { httpStatusCode: 400 },
    });
    expect(values('NoCapacityInvocationFailures')).toEqual([1]);
    expect(values('Invocations')).toEqual([1]);

    copies().change(1);
    await vi.waitFor(() => invoke('holding', 'sleeper'), 15_000);
    expect(copies().current).toBe(1);
  });

  it('reports a zero for a minute without requests, and nothing while there is no copy', () => {
    copies().endMinute?.(0);
    const before = values('InvocationsPerCopy').length;
    copies().endMinute?.(0);
    expect(values('InvocationsPerCopy').slice(before)).toEqual([0]);
    copies().change(0);
    copies().endMinute?.(0);
    expect(values('InvocationsPerCopy').slice(before)).toEqual([0]);
    copies().change(1);
  });

  it('has to be named, and rightly', async () => {
    await expect(invoke('holding')).rejects.toThrow(/^Inference Component Name header is required/);
    await expect(invoke('holding', 'nobody')).rejects.toThrow('Inference Component nobody not found.');
    await expect(invoke('plain', 'sleeper')).rejects.toThrow(
      'This endpoint has no inference components. Please remove the Inference Component Name header and try again.',
    );
  });

  it('is a resource of its own to who asks', async () => {
    const as = (roleName: string) =>
      new SageMakerRuntimeClient({
        ...clientConfig(cloud),
        credentials: cloud.cloud.credentialsFor(`arn:aws:iam::${cloud.cloud.accountId}:role/${roleName}`),
      });

    await vi.waitFor(() => invoke('holding', 'sleeper', as('both')), 15_000);
    await expect(invoke('holding', 'sleeper', as('endpoint-only'))).rejects.toThrow(
      /is not authorized to perform: sagemaker:InvokeEndpoint on resource: \S+:inference-component\/sleeper/,
    );
  });

  it('is the only one of its endpoint: several, or none, are not emulated', async () => {
    expect(
      cloud.notEmulated.filter(({ type }) => type === 'AWS::SageMaker::Endpoint').map(({ reason }) => reason),
    ).toEqual([
      'several inference components in one endpoint are not emulated',
      'it holds neither a model nor an inference component',
    ]);
    await expect(invoke('crowded', 'first')).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});
