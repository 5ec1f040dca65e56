import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Capacity, capacityOf } from '../../../local/core/plugin/capacity.ts';
import { createSageMakerPlugin } from '../../../local/sagemaker/plugin.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';
import { Hosting } from './fixture/stack.ts';

const assemblyDir = synthesizeStack((stack) => {
  const hosting = new Hosting(stack);
  const model = hosting.model('Main');
  hosting.endpoint('instances', [{ model, initialInstanceCount: 2 }]);
  hosting.endpoint('provisioned', [
    { model, serverlessConfig: { maxConcurrency: 8, memorySizeInMb: 1024, provisionedConcurrency: 4 } },
  ]);
  hosting.endpoint('on-demand', [{ model, serverlessConfig: { maxConcurrency: 8, memorySizeInMb: 1024 } }]);
});

let cloud: TestCloud;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, plugins: [createSageMakerPlugin()] });
  client = new SageMakerRuntimeClient(clientConfig(cloud));
});

function capacity(dimension: string, endpoint: string): Capacity {
  const resourceId = `endpoint/${endpoint}/variant/main`;
  const found = capacityOf(cloud.services, `sagemaker:variant:${dimension}`, resourceId);
  if (found === undefined) throw new Error(`${endpoint} offers no ${dimension}`);
  return found;
}

const invoke = async (EndpointName: string, Body = 'x'): Promise<{ pid: number }> => {
  const { Body: answer } = await client.send(
    new InvokeEndpointCommand({ EndpointName, Body, ContentType: 'text/plain' }),
  );
  return JSON.parse(answer.transformToString());
};

const values = (name: string, EndpointName: string) =>
  cloud.recorded.of('AWS/SageMaker', name, { EndpointName, VariantName: 'main' }).map(({ value }) => value);

async function processes(endpoint: string): Promise<readonly number[]> {
  const response = await fetch(`${cloud.frontDoorUrl}/_local/processes`);
  const { processes: all } = (await response.json()) as { processes: { name: string; pid: number }[] };
  return all.filter(({ name }) => name === `${endpoint}/main`).map(({ pid }) => pid);
}

const eventually = (endpoint: string, count: number) =>
  vi.waitFor(async () => {
    const found = await processes(endpoint);
    expect(found).toHaveLength(count);
    return found;
  }, 15_000);

describe('the instances of a variant', () => {
  const instances = () => capacity('DesiredInstanceCount', 'instances');

  it('start and stop for real, and share the requests', async () => {
    const before = await eventually('instances', 2);
    instances().change(3);
    expect(instances().current).toBe(3);
    expect(await eventually('instances', 3)).toEqual(expect.arrayContaining([...before]));

    await invoke('instances');
    expect(values('InvocationsPerInstance', 'instances').at(-1)).toBeCloseTo(1 / 3, 10);
    instances().change(1);
    await eventually('instances', 1);
    await invoke('instances');
    expect(values('InvocationsPerInstance', 'instances').at(-1)).toBe(1);
  });

  it('finish what they have when they are taken away', async () => {
    instances().change(2);
    const both = await eventually('instances', 2);
    const hanging = [0, 1].map(() => invoke('instances', 'hang').catch((error: unknown) => error));
    await vi.waitFor(async () => {
      const response = await fetch(`${cloud.frontDoorUrl}/_local/processes`);
      const { processes: all } = (await response.json()) as { processes: { inFlight?: number }[] };
      expect(all.reduce((sum, { inFlight = 0 }) => sum + inFlight, 0)).toBe(2);
    });

    instances().change(1);
    expect(await processes('instances')).toEqual(both);

    for (const pid of both) process.kill(pid, 'SIGKILL');
    for (const outcome of await Promise.all(hanging)) expect(outcome).toMatchObject({ name: 'ModelError' });
    await eventually('instances', 1);
  });

  it('count beyond the processes that a laptop gets', async () => {
    instances().change(9);

    expect(instances().current).toBe(9);
    await eventually('instances', 4);
    await invoke('instances');
    expect(values('InvocationsPerInstance', 'instances').at(-1)).toBeCloseTo(1 / 9, 10);
    instances().change(1);
    await eventually('instances', 1);
  });

  it('report a zero for a minute without requests, and none for another', async () => {
    instances().endMinute?.(0);
    const before = values('InvocationsPerInstance', 'instances').length;
    instances().endMinute?.(0);
    expect(values('InvocationsPerInstance', 'instances').slice(before)).toEqual([0]);
    await invoke('instances');
    instances().endMinute?.(0);
    expect(values('InvocationsPerInstance', 'instances').slice(before)).toEqual([0, 1]);
  });
});

describe('the provisioned concurrency of a serverless variant', () => {
  it('shows how much of it is in use, at every invocation', async () => {
    const provisioned = capacity('DesiredProvisionedConcurrency', 'provisioned');
    await invoke('provisioned');
    provisioned.change(2);
    await invoke('provisioned');

    expect(values('ServerlessProvisionedConcurrencyUtilization', 'provisioned')).toEqual([0.25, 0.5]);
    expect(provisioned.current).toBe(2);
  });

  it('is not there where none is declared', async () => {
    await invoke('on-demand');

    expect(() => capacity('DesiredProvisionedConcurrency', 'on-demand')).toThrow('offers no');
    expect(values('ServerlessProvisionedConcurrencyUtilization', 'on-demand')).toEqual([]);
  });
});
