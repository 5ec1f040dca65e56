import { CfnResource, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeploymentFailed } from '../../../local/core/cloud.ts';
import type { RunningService } from '../../../local/core/plugin/service-plugin.ts';
import { startCloud } from './support/clouds.ts';
import { type Life, nameOf, statefulPlugin, statelessPlugin } from './support/life.ts';
import { synthesizeStack } from './support/synthesize.ts';

/** A stack that says its name, and whose role may read in the first deployment only. */
const stackNamed = (name: string) => (stack: Stack) => {
  new CfnResource(stack, 'Database', { type: 'AWS::Glue::Database', properties: { Description: name } });
  const role = new Role(stack, 'Role', {
    roleName: 'caller',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  if (name === 'first')
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: ['*'] }));
};

let first: string;
let second: string;
let life: Life;
beforeAll(() => {
  first = synthesizeStack(stackNamed('first'));
  second = synthesizeStack(stackNamed('second'));
});
beforeEach(() => {
  life = [];
});

const start = (more?: (name: string) => Partial<RunningService>) =>
  startCloud({ assemblyDir: first, plugins: [statefulPlugin(life), statelessPlugin(life, more)] });

function call(url: string, accessKeyId: string): Promise<Response> {
  const scope = `${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=abc`;
  return fetch(url, { method: 'POST', headers: { authorization } });
}

function post(url: string, body: unknown, type = 'application/json'): Promise<Response> {
  const headers = { 'content-type': type };
  return fetch(`${url}/_local/deployments`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('a deployment', () => {
  it('starts beside what serves, adopts what has state, takes over, and then has the old one end', async () => {
    const cloud = await start();
    await cloud.deploy(second);
    await cloud.close();

    expect(life).toEqual([
      ...['stateful start first', 'stateless start first', 'stateless activate first'],
      ...['stateful adopt second', 'stateless start second', 'stateless activate second'],
      ...['stateless drain first', 'stateless drain first', 'stateless close first'],
      ...['stateless close second', 'stateful close second'],
    ]);
  });

  it('is told when it serves, after whoever waits for it', async () => {
    const told: string[] = [];
    const plugins = [statefulPlugin(life)];
    const cloud = await startCloud({
      assemblyDir: first,
      plugins,
      onServing: (serving) => told.push(`${nameOf(serving)} serves`),
    });
    told.push('started');
    await vi.waitFor(() => expect(told).toEqual(['started', 'first serves']));
    await expect(cloud.deploy('/nowhere')).rejects.toThrow(DeploymentFailed);
    await cloud.deploy(second);
    told.push('deployed');

    await vi.waitFor(() => expect(told).toEqual(['started', 'first serves', 'deployed', 'second serves']));
  });

  it('is given up where a service can not carry it out, and leaves nothing of itself', async () => {
    const cloud = await start((name) => ({
      deploy: async () => {
        if (name === 'second') throw new Error('yield should be 2000 and is 4000');
      },
      abandon: async () => void life.push(`stateless abandon ${name}`),
    }));
    life.length = 0;

    await expect(cloud.deploy(second)).rejects.toThrow(
      new DeploymentFailed('yield should be 2000 and is 4000'),
    );

    expect(life).toEqual([
      ...['stateful adopt second', 'stateless start second'],
      ...['stateless abandon second', 'stateless close second', 'stateful abandon second'],
    ]);
    expect(await (await call(cloud.frontDoorUrl, 'developer')).text()).toBe('first');
  });

  it('fails the start where it is the first', async () => {
    const refuse = async () => {
      throw new Error('the first one fails');
    };

    await expect(start(() => ({ deploy: refuse }))).rejects.toThrow('the first one fails');
    expect(life.slice(-2)).toEqual(['stateful abandon first', 'stateful close first']);
  });

  it('lets each caller in by the deployment that it belongs to, with the policies of that one', async () => {
    let finish = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const cloud = await start((name) => (name === 'first' ? { drain: () => busy } : {}));
    const roleArn = cloud.cloud.resources('AWS::IAM::Role')[0]?.attributes.Arn ?? '';
    const old = cloud.cloud.credentialsFor(roleArn);
    const url = cloud.frontDoorUrl;
    expect(await (await call(url, old.accessKeyId)).text()).toBe('first');

    await post(url, { assemblyDir: second });
    const resources = (await (await fetch(`${url}/_local/resources`)).json()) as {
      resources: { type: string }[];
    };

    expect(await (await call(url, old.accessKeyId)).text()).toBe('first');
    expect(await (await call(url, 'developer')).text()).toBe('second');
    expect(resources.resources.filter(({ type }) => type === 'AWS::IAM::Policy')).toEqual([]);

    finish();
    // Then the role is what the deployment that serves has made of it.
    await vi.waitFor(async () => {
      const refused = await call(url, old.accessKeyId);
      expect([refused.status, await refused.text()]).toEqual([
        400,
        expect.stringContaining('is not authorized to perform: dynamodb:GetItem'),
      ]);
    });
  });

  it('may be asked for at the front door, by a program only', async () => {
    const cloud = await start((name) => ({
      deploy: async () => {
        if (name === 'second') throw new Error('no');
      },
    }));

    expect((await post(cloud.frontDoorUrl, { assemblyDir: second }, 'text/plain')).status).toBe(415);
    expect((await post(cloud.frontDoorUrl, { folder: second })).status).toBe(400);
    const refused = await post(cloud.frontDoorUrl, { assemblyDir: second });
    expect([refused.status, await refused.json()]).toEqual([409, { status: 'rolled-back', reason: 'no' }]);
    const missing = await post(cloud.frontDoorUrl, { assemblyDir: '/nowhere' });
    expect(await missing.json()).toMatchObject({
      reason: expect.stringContaining('is not a cloud assembly'),
    });
    const same = await post(cloud.frontDoorUrl, { assemblyDir: first });
    expect([same.status, await same.json()]).toEqual([200, { status: 'deployed' }]);
  });
});

describe('an address for an answer', () => {
  it('takes one, and no other', async () => {
    const cloud = await start();
    const callback = cloud.cloud.callback();
    const put = (body: string) => fetch(callback.url, { method: 'PUT', body });

    expect((await put('done')).status).toBe(200);
    expect(await callback.answer).toBe('done');
    expect((await put('again')).status).toBe(404);
  });
});
