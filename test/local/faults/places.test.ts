import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { apiGatewayPlugin } from '../../../local/apigateway/plugin.ts';
import { dynamodbPlugin } from '../../../local/dynamodb/plugin.ts';
import type { Fault, FaultRequest } from '../../../local/faults/fault.ts';
import { lambdaPlugin } from '../../../local/lambda/plugin.ts';
import { snsPlugin } from '../../../local/sns/plugin.ts';
import { sqsPlugin } from '../../../local/sqs/plugin.ts';
import { stepFunctionsPlugin } from '../../../local/stepfunctions/plugin.ts';
import { clientConfig } from '../core/support/clouds.ts';
import { ShiftedClock } from '../core/support/shifted-clock.ts';
import { type Fixture, functionArn, inlineFunction, startFixture } from '../lambda/fixture.ts';

/** Asks DynamoDB as an SDK would, and answers what it was told. */
const READER = `
  const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request';
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.DescribeTable', authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=0' },
    body: JSON.stringify({ TableName: 'struck' }),
  });
  const { __type = 'none' } = await answer.json();
  return { statusCode: 200, body: answer.status + ' ' + __type };
`;

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:worker';
const ERROR = { status: 503, code: 'ServiceUnavailable', message: 'on purpose' };

const clock = new ShiftedClock();
let fixture: Fixture;
let states: SFNClient;

beforeAll(async () => {
  fixture = await startFixture(
    (stack) => {
      const table = new Table(stack, 'Table', {
        tableName: 'struck',
        partitionKey: { name: 'id', type: AttributeType.STRING },
      });
      const api = new RestApi(stack, 'Api', {
        restApiName: 'struck-api',
        deployOptions: { stageName: 'v1' },
      });
      for (const name of ['reader', 'other']) {
        const reader = inlineFunction(stack, name, READER);
        table.grant(reader, 'dynamodb:DescribeTable');
        api.root
          .addResource(name)
          .addMethod('GET', new LambdaIntegration(reader, { timeout: Duration.seconds(20) }));
      }
      const judge = inlineFunction(
        stack,
        'judge',
        'return { principalId: "x", policyDocument: { Version: "2012-10-17", Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }] } }',
      );
      const authorizer = new TokenAuthorizer(stack, 'Authorizer', {
        handler: judge,
        resultsCacheTtl: Duration.seconds(0),
      });
      api.root
        .addResource('judged')
        .addMethod(
          'GET',
          new LambdaIntegration(inlineFunction(stack, 'judged', 'return { statusCode: 200 }')),
          {
            authorizer,
            authorizationType: AuthorizationType.CUSTOM,
          },
        );
      const worker = inlineFunction(stack, 'worker', 'return { did: event.what }');
      const role = new Role(stack, 'MachineRole', {
        roleName: 'machine',
        assumedBy: new ServicePrincipal('states.amazonaws.com'),
      });
      worker.grantInvoke(role);
      new CfnStateMachine(stack, 'Machine', {
        stateMachineName: 'worker',
        roleArn: role.roleArn,
        definition: {
          StartAt: 'First',
          States: {
            First: task({ Next: 'Second' }),
            Second: task({
              TimeoutSeconds: 120,
              Retry: [{ ErrorEquals: ['Try.Again'], IntervalSeconds: 1, MaxAttempts: 2 }],
              End: true,
            }),
          },
        },
      });
      const consumer = inlineFunction(stack, 'consumer', 'console.log("consumed")');
      const queue = new Queue(stack, 'Queue', {
        queueName: 'struck',
        visibilityTimeout: Duration.seconds(30),
      });
      consumer.addEventSource(new SqsEventSource(queue));
      new Topic(stack, 'Topic', { topicName: 'struck' }).addSubscription(
        new LambdaSubscription(inlineFunction(stack, 'listener', 'console.log("heard")')),
      );
    },
    {
      plugins: [sqsPlugin, snsPlugin, dynamodbPlugin, lambdaPlugin, stepFunctionsPlugin, apiGatewayPlugin],
      clock,
    },
  );
  states = new SFNClient(clientConfig(fixture));
});
afterEach(() => local('faults', { method: 'DELETE' }));
afterAll(() => fixture.close());

const task = (more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionArn('worker'), Payload: { what: 'work' } },
  ResultSelector: { 'did.$': '$.Payload.did' },
  ...more,
});

function local(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${fixture.frontDoorUrl}/_local/${path}`, init);
}

/** Adds a fault over HTTP, as a drill does. */
async function inject(fault: FaultRequest): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await local('faults', { method: 'POST', headers, body: JSON.stringify(fault) });
  if (status !== 201) throw new Error(`the fault was answered with ${status}`);
}

/** Resolves when a fault that strikes once has begun to. */
async function begun(): Promise<void> {
  await expect
    .poll(async () => ((await (await local('faults')).json()) as { faults: Fault[] }).faults)
    .toEqual([]);
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${fixture.services.apigateway?.url}/v1/${path}`, { headers });
  return { status: response.status, text: await response.text() };
}

const sum = (name: string, functionName: string): number =>
  fixture.recorded
    .of('AWS/Lambda', name, { FunctionName: functionName })
    .reduce((total, { value }) => total + value, 0);

describe('a call at the front door', () => {
  it('fails for the function that a fault names, and for no other', async () => {
    await inject({ service: 'dynamodb', operation: 'DescribeTable', function: 'reader', error: ERROR });

    expect((await get('reader')).text).toMatch(/^503 .*ServiceUnavailable/);
    expect((await get('other')).text).toBe('200 none');
  });

  it('fails so often as a fault says, and succeeds then', async () => {
    await inject({ service: 'dynamodb', resource: 'table/struck', error: ERROR, times: 2 });
    const answers = [await get('reader'), await get('reader'), await get('reader')];

    expect(answers.map(({ text }) => text.slice(0, 3))).toEqual(['503', '503', '200']);
  });

  it('is late by the clock', async () => {
    await inject({ service: 'dynamodb', delayMs: 15_000, times: 1 });
    const startedAt = clock.now();
    const late = get('reader');
    await begun();
    clock.shift(15_000);

    expect((await late).text).toBe('200 none');
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(15_000);
  });
});

describe('the invocation of a function by the gateway', () => {
  it("fails as Lambda's refusal, of which only the gateway tells", async () => {
    const before = sum('Invocations', 'reader');
    await inject({ at: 'invocation', function: 'reader', from: 'apigateway', error: ERROR });

    expect(await get('reader')).toEqual({
      status: 500,
      text: expect.stringContaining('Internal server error'),
    });
    expect((await get('other')).status).toBe(200);
    expect(sum('Invocations', 'reader')).toBe(before);
    expect(fixture.messages.join('\n')).toContain(
      'Lambda invocation failed with status: 503. ServiceUnavailable: on purpose',
    );
  });

  it('fails as a throttle, which Lambda counts', async () => {
    const before = sum('Throttles', 'reader');
    await inject({ at: 'invocation', function: 'reader', error: { ...ERROR, status: 429 }, times: 1 });

    expect((await get('reader')).status).toBe(500);
    expect(sum('Throttles', 'reader')).toBe(before + 1);
    expect((await get('reader')).status).toBe(200);
  });

  it("fails as the function's own error, which Lambda counts too", async () => {
    const before = sum('Errors', 'reader');
    await inject({
      at: 'invocation',
      function: 'reader',
      error: { status: 200, code: 'TypeError', message: 'x' },
      times: 1,
    });

    expect((await get('reader')).status).toBe(502);
    expect(sum('Errors', 'reader')).toBe(before + 1);
  });

  it('is late by the clock: in time for the gateway, or not', async () => {
    await inject({ at: 'invocation', function: 'reader', delayMs: 15_000, times: 1 });
    const late = get('reader');
    await begun();
    clock.shift(15_000);
    expect((await late).status).toBe(200);

    await inject({ at: 'invocation', function: 'reader', delayMs: 60_000, times: 1 });
    const tooLate = get('reader');
    await begun();
    clock.shift(21_000);
    expect((await tooLate).status).toBe(504);
  });

  it('may be that of an authorizer', async () => {
    const headers = { authorization: 'any' };
    expect((await get('judged', headers)).status).toBe(200);
    await inject({
      at: 'invocation',
      function: 'judge',
      error: { status: 200, code: 'Error', message: 'broken' },
    });

    expect((await get('judged', headers)).status).toBe(500);
  });
});

describe('the invocation of a function by another service', () => {
  it('fails for the messages of a queue, which come again', async () => {
    await inject({ at: 'invocation', function: 'consumer', from: 'sqs', error: ERROR, times: 1 });
    await fixture.services.sqs?.enqueue('arn:aws:sqs:us-east-1:000000000000:struck', 'message');
    await begun();
    expect(sum('Invocations', 'consumer')).toBe(0);
    await expect.poll(() => fixture.messages.join('\n')).toContain('a batch was not delivered: on purpose');
    clock.shift(31_000);

    await expect.poll(() => sum('Invocations', 'consumer')).toBe(1);
  });

  it('fails for what a topic tells, which it tells again a minute later', async () => {
    await inject({ at: 'invocation', function: 'listener', from: 'sns', error: ERROR, times: 1 });
    await fixture.services.sns?.publish('arn:aws:sns:us-east-1:000000000000:struck', 'message');
    await begun();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sum('Invocations', 'listener')).toBe(0);
    clock.shift(60_000);

    await expect.poll(() => sum('Invocations', 'listener')).toBe(1);
  });
});

describe('a task of a state machine', () => {
  async function start() {
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: MACHINE }));
    const look = () => states.send(new DescribeExecutionCommand({ executionArn }));
    return {
      look,
      ended: async () => {
        await expect.poll(async () => (await look()).status).not.toBe('RUNNING');
        return look();
      },
    };
  }

  it('fails with the name that a fault gives it, in the state that it names', async () => {
    await inject({
      at: 'task',
      stateMachine: 'worker',
      state: 'Second',
      error: { code: 'Lambda.Unknown', message: 'on purpose' },
    });
    const before = sum('Invocations', 'worker');
    const { ended } = await start();

    expect(await ended()).toMatchObject({ status: 'FAILED', error: 'Lambda.Unknown', cause: 'on purpose' });
    expect(sum('Invocations', 'worker')).toBe(before + 1);
  });

  it('is tried again where the state machine says so, and succeeds when the fault is over', async () => {
    await inject({ at: 'task', state: 'Second', error: { code: 'Try.Again', message: '' }, times: 1 });
    const { ended } = await start();
    await begun();
    await new Promise((resolve) => setImmediate(resolve));
    clock.shift(1000);

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output: '{"did":"work"}' });
  });

  it('is late by the clock: within its own time limit, or not', async () => {
    await inject({ at: 'task', state: 'Second', resource: 'lambda:invoke', delayMs: 100_000, times: 1 });
    const inTime = await start();
    await begun();
    expect((await inTime.look()).status).toBe('RUNNING');
    clock.shift(100_000);
    expect((await inTime.ended()).status).toBe('SUCCEEDED');

    await inject({ at: 'task', state: 'Second', delayMs: 300_000, times: 1 });
    const tooLate = await start();
    await begun();
    clock.shift(121_000);
    expect(await tooLate.ended()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it("fails by its service's call too, with the name of the service, after the delay", async () => {
    await inject({
      service: 'lambda',
      operation: 'InvokeFunction',
      role: 'machine',
      error: { status: 429, code: 'TooManyRequestsException', message: 'slow' },
      delayMs: 5000,
      times: 1,
    });
    const { ended } = await start();
    await begun();
    clock.shift(5000);

    expect(await ended()).toMatchObject({ status: 'FAILED', error: 'Lambda.TooManyRequestsException' });
  });
});
