import { request as httpRequest } from 'node:http';
import { CfnResource } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/core/cloud.ts';
import { type Said, startCloud } from './support/clouds.ts';
import { ECHO_RESOURCE, echoPlugin, type Recorded } from './support/echo-plugin.ts';
import { synthesizeStack } from './support/synthesize.ts';

const recorded: Recorded[] = [];
let cloud: RunningCloud & Said;
let roleArn: string;

beforeAll(async () => {
  const assemblyDir = synthesizeStack((stack) => {
    new Role(stack, 'Role', { roleName: 'caller', assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    new CfnResource(stack, 'Database', { type: 'AWS::Glue::Database' });
  });
  cloud = await startCloud({ assemblyDir, plugins: [echoPlugin(recorded)] });
  roleArn = cloud.cloud.resources('AWS::IAM::Role')[0]?.attributes.Arn ?? '';
});

afterEach(async () => {
  await fetch(`${cloud.frontDoorUrl}/_local/faults`, { method: 'DELETE' });
  recorded.length = 0;
});

function authorization(accessKeyId = 'developer', service = 'dynamodb'): string {
  const scope = `${accessKeyId}/20260101/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=abc`;
}

async function call(body: string, headers: Record<string, string> = {}, path = '/') {
  const response = await fetch(`${cloud.frontDoorUrl}${path}`, {
    method: 'POST',
    body,
    headers: { 'x-amz-target': 'Echo_1.GetItem', authorization: authorization(), ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function local(path: string, init: RequestInit = {}) {
  return fetch(`${cloud.frontDoorUrl}/_local/${path}`, init);
}

function addFault(fault: unknown) {
  const headers = { 'content-type': 'application/json' };
  return local('faults', { method: 'POST', headers, body: JSON.stringify(fault) });
}

describe('the front door', () => {
  it('passes a signed request to the service it is signed for', async () => {
    const { status, text, headers } = await call('hello');

    expect({ status, text }).toEqual({ status: 200, text: 'developer: hello' });
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(recorded.map((one) => one.status)).toEqual([200]);
  });

  it('accepts a presigned URL', async () => {
    const credential = encodeURIComponent('developer/20260101/us-east-1/dynamodb/aws4_request');
    const response = await fetch(`${cloud.frontDoorUrl}/?X-Amz-Credential=${credential}`, {
      method: 'POST',
      headers: { 'x-amz-target': 'Echo_1.GetItem' },
      body: 'hello',
    });
    expect(await response.text()).toBe('developer: hello');
  });

  it('refuses an unsigned request as AWS does', async () => {
    const { status, text } = await call('hello', { authorization: 'Basic abc' });

    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    });
  });

  it('denies a role what its policies do not allow', async () => {
    const { accessKeyId } = cloud.cloud.credentialsFor(roleArn, 'predict');
    const { status, text } = await call('hello', { authorization: authorization(accessKeyId) });

    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      __type: 'AccessDeniedException',
      message:
        'User: arn:aws:sts::000000000000:assumed-role/caller/predict is not authorized to perform: ' +
        `dynamodb:GetItem on resource: ${ECHO_RESOURCE} because no identity-based policy allows the dynamodb:GetItem action`,
    });
  });

  it('answers 501 for an operation and for a service that it does not emulate', async () => {
    const operation = await call('hello', { 'x-amz-target': 'Echo_1.Unknown' });
    const service = await call('hello', { authorization: authorization('developer', 'kinesis') });
    const bucket = await call('', { authorization: authorization('developer', 's3') });

    expect(operation.status).toBe(501);
    expect(JSON.parse(operation.text).message).toBe(
      'The local cloud does not emulate Echo_1.Unknown of dynamodb.',
    );
    expect(service.status).toBe(501);
    expect(JSON.parse(service.text).message).toBe('The local cloud does not emulate kinesis.');
    expect(bucket.status).toBe(501);
    expect(bucket.text).toContain('<Error><Code>NotImplemented</Code>');
  });

  it('shows an error of the service and hides one of its own', async () => {
    const expected = await call('aws error');
    const bug = await call('bug');

    expect(expected.status).toBe(400);
    expect(JSON.parse(expected.text)).toEqual({ __type: 'EchoException', message: 'as asked' });
    expect(bug.status).toBe(500);
    expect(bug.text).not.toContain('secret');
    expect(cloud.warnings.some((warning) => warning.includes('secret detail'))).toBe(true);
  });

  it('answers to loopback names only, so that no web page reaches it under a name of its own', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(
        `${cloud.frontDoorUrl}/_local/health`,
        { headers: { host: 'attacker.example' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.once('error', reject);
      request.end();
    });
    expect(status).toBe(403);
  });

  it('refuses a body above its limit', async () => {
    const { status, text } = await call('x'.repeat(32 * 1024 * 1024 + 1));

    expect(status).toBe(413);
    expect(JSON.parse(text).__type).toBe('RequestEntityTooLargeException');
  });

  it('answers with an injected error until it is removed, and the service keeps count of it', async () => {
    const error = { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' };
    const added = await addFault({ service: 'dynamodb', operation: 'GetItem', resource: 'thing/one', error });
    const { id } = (await added.json()) as { id: number };

    const faulty = await call('hello');
    const removed = await local(`faults?id=${id}`, { method: 'DELETE' });
    const recovered = await call('hello');

    expect(added.status).toBe(201);
    expect(JSON.parse(faulty.text)).toEqual({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    expect(await removed.json()).toEqual({ faults: [] });
    expect(recovered.status).toBe(200);
    expect(recorded.map((one) => one.status)).toEqual([400, 200]);
  });

  it('lets an injected fault pass what it is not meant for', async () => {
    const error = { status: 500, code: 'InternalServerError', message: 'x' };
    await addFault({ service: 'sqs', error });
    await addFault({ service: 'dynamodb', operation: 'PutItem', error });
    await addFault({ service: 'dynamodb', resource: 'thing/two', error });

    expect((await call('hello')).status).toBe(200);
  });

  it.each([
    ['an unknown key', { service: 'dynamodb', delayMs: 1, colour: 'red' }],
    ['a status that is no error', { service: 'dynamodb', error: { status: 200, code: 'x', message: '' } }],
    ['neither an error nor a delay', { service: 'dynamodb' }],
    ['something else than an object', 'fault'],
  ])('refuses a fault with %s', async (_what, fault) => {
    expect((await addFault(fault)).status).toBe(400);
    expect(await (await local('faults')).json()).toEqual({ faults: [] });
  });

  it('takes faults as JSON only, which a web page can not send unasked', async () => {
    const response = await local('faults', { method: 'POST', body: '{"service":"dynamodb","delayMs":1}' });
    expect(response.status).toBe(415);
  });

  it('tells its state', async () => {
    expect(await (await local('health')).json()).toEqual({ status: 'ready' });
    expect(await (await local('processes')).json()).toEqual({ processes: [{ name: 'echo', pid: 1 }] });
    expect(await (await local('metrics')).json()).toEqual({ metrics: [] });
    const { resources } = (await (await local('resources')).json()) as { resources: { logicalId: string }[] };
    expect(resources.find((one) => one.logicalId === 'Database')).toMatchObject({
      type: 'AWS::Glue::Database',
      path: 'Test/Database',
      support: 'not emulated',
    });
    expect((await local('nothing')).status).toBe(404);
  });

  it('lists what it does not emulate', () => {
    expect(cloud.notEmulated).toEqual([
      {
        type: 'AWS::Glue::Database',
        paths: ['Test/Database'],
        reason: 'the local cloud does not emulate this type',
      },
    ]);
  });
});
