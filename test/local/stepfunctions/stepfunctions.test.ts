import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStepFunctionsPlugin } from '../../../local/stepfunctions/plugin.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const END = { End: true };

const assemblyDir = synthesizeStack((stack) => {
  const role = new Role(stack, 'machine', {
    roleName: 'machine',
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
  });
  const machine = (stateMachineName: string, States: object, more: object = {}) =>
    new CfnStateMachine(stack, stateMachineName, {
      stateMachineName,
      roleArn: role.roleArn,
      definition: { StartAt: 'A', States, ...more },
    });
  machine('echo', { A: { Type: 'Pass', Parameters: { 'got.$': '$', 'by.$': '$$.Execution.Name' }, ...END } });
  machine('waits', { A: { Type: 'Wait', Seconds: 60, ...END } }, { TimeoutSeconds: 600 });
  machine('hurries', { A: { Type: 'Wait', Seconds: 60, ...END } }, { TimeoutSeconds: 30 });
  machine('fails', { A: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' } });
  machine('invokes', {
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      ...END,
    },
  });
  machine('maps', { A: { Type: 'Map', ...END } });
  machine('queues', { A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', ...END } });
  new CfnStateMachine(stack, 'text', {
    stateMachineName: 'text',
    roleArn: role.roleArn,
    definitionString: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } }),
  });
  const starter = new Role(stack, 'starter', {
    roleName: 'starter',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  starter.addToPolicy(
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [arnOf('echo')] }),
  );
});

const clock = new ManualClock();
let cloud: TestCloud;
let client: SFNClient;

beforeAll(async () => {
  cloud = await startCloud({ assemblyDir, clock, plugins: [createStepFunctionsPlugin()] });
  client = new SFNClient(clientConfig(cloud));
});

const start = (machine: string, options: { name?: string; input?: string } = {}, by = client) =>
  by.send(new StartExecutionCommand({ stateMachineArn: arnOf(machine), ...options }));
const describeIt = (executionArn = '') => client.send(new DescribeExecutionCommand({ executionArn }));

async function ended(machine: string, options = {}) {
  const { executionArn } = await start(machine, options);
  await expect.poll(async () => (await describeIt(executionArn)).status).not.toBe('RUNNING');
  return describeIt(executionArn);
}

const metric = (machine: string, name: string) =>
  cloud.recorded
    .of('AWS/States', name, { StateMachineArn: arnOf(machine) })
    .reduce((sum, { value }) => sum + value, 0);

describe('an execution', () => {
  it('takes its input to an output, under its name, and is counted', async () => {
    const { status, output, executionArn, startDate, stopDate } = await ended('echo', {
      name: 'first',
      input: '{"a":[1]}',
    });

    expect(status).toBe('SUCCEEDED');
    expect(executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:echo:first');
    expect(JSON.parse(output ?? '')).toEqual({ got: { a: [1] }, by: 'first' });
    expect([startDate, stopDate]).toEqual([new Date(clock.now()), new Date(clock.now())]);
    expect(metric('echo', 'ExecutionsStarted')).toBe(1);
    expect(metric('echo', 'ExecutionsSucceeded')).toBe(1);
  });

  it('reads a definition that is written as text, too', async () => {
    expect(await ended('text', { input: '[2]' })).toMatchObject({ status: 'SUCCEEDED', output: '[2]' });
  });

  it('fails with an error and a cause, and is counted', async () => {
    expect(await ended('fails')).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'on purpose' });
    expect(metric('fails', 'ExecutionsFailed')).toBe(1);
  });

  it('is one for a name and an input while it runs; afterwards the name is taken', async () => {
    const once = await start('waits', { name: 'nightly', input: '{}' });
    const again = await start('waits', { name: 'nightly', input: '{}' });
    expect(again).toMatchObject({ executionArn: once.executionArn, startDate: once.startDate });
    await expect(start('waits', { name: 'nightly', input: '{"other":1}' })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });

    clock.advance(60_000);
    await expect.poll(async () => (await describeIt(once.executionArn)).status).toBe('SUCCEEDED');
    await expect(start('waits', { name: 'nightly', input: '{}' })).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
    expect(metric('waits', 'ExecutionTime')).toBe(60_000);
  });

  it('ends where it is stopped, or takes too long', async () => {
    const { executionArn } = await start('waits');
    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'a test' }));
    expect(await describeIt(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'a test',
    });
    expect(metric('waits', 'ExecutionsAborted')).toBe(1);

    const late = await start('hurries');
    clock.advance(30_000);
    expect(await describeIt(late.executionArn)).toMatchObject({ status: 'TIMED_OUT' });
    expect(metric('hurries', 'ExecutionsTimedOut')).toBe(1);
  });

  it('tells its history, page by page, from either end', async () => {
    const { executionArn } = await ended('echo', { input: '{"a":1}' });
    const history = (options: object) =>
      client.send(new GetExecutionHistoryCommand({ executionArn, ...options }));

    const { events = [] } = await history({});
    expect(events.map(({ id, type }) => `${id} ${type}`)).toEqual([
      '1 ExecutionStarted',
      '2 PassStateEntered',
      '3 PassStateExited',
      '4 ExecutionSucceeded',
    ]);
    expect(events[1]?.stateEnteredEventDetails).toEqual({ name: 'A', input: '{"a":1}' });
    const first = await history({ maxResults: 3, reverseOrder: true });
    expect(first.events?.map(({ id }) => id)).toEqual([4, 3, 2]);
    const rest = await history({ maxResults: 3, reverseOrder: true, nextToken: first.nextToken });
    expect(rest.events?.map(({ id }) => id)).toEqual([1]);
    expect(rest.nextToken).toBeUndefined();
  });

  it('is listed, the latest first, by its state', async () => {
    const before = await ended('fails', { name: 'one' });
    const after = await ended('fails', { name: 'two' });
    const list = async (statusFilter?: 'FAILED' | 'RUNNING') =>
      (
        await client.send(new ListExecutionsCommand({ stateMachineArn: arnOf('fails'), statusFilter }))
      ).executions?.map(({ executionArn }) => executionArn);

    expect((await list('FAILED'))?.slice(0, 2)).toEqual([after.executionArn, before.executionArn]);
    expect(await list('RUNNING')).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    ['a machine that is not there', () => start('nothing'), 'StateMachineDoesNotExist'],
    ['input that is no JSON', () => start('echo', { input: '{' }), 'InvalidExecutionInput'],
    [
      'too much input',
      () => start('echo', { input: `"${'x'.repeat(256 * 1024)}"` }),
      'InvalidExecutionInput',
    ],
    ['a name with a slash', () => start('echo', { name: 'a/b' }), 'InvalidName'],
    ['an execution that is not there', () => describeIt('arn:x'), 'ExecutionDoesNotExist'],
  ])('is %s', async (_, call, name) => {
    await expect(call()).rejects.toMatchObject({ name });
  });

  it('is what a role may not do', async () => {
    const starter = new SFNClient(clientConfig(cloud, 'arn:aws:iam::000000000000:role/starter'));

    const { executionArn } = await start('echo', {}, starter);
    expect(executionArn).toMatch(/:execution:echo:/);
    await expect(start('waits', {}, starter)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('states:StartExecution'),
    });
    await expect(starter.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('is a task that the role of the machine may not do', async () => {
    expect(await ended('invokes')).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining('is not authorized to perform: lambda:InvokeFunction'),
    });
  });

  it('is what is not emulated: told at start, and answered with 501', async () => {
    const told = cloud.notEmulated.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
    expect(told.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('States.A.Type'),
      expect.stringContaining('no tasks of arn:aws:states:::sqs:sendMessage are emulated'),
    ]);
    for (const machine of ['maps', 'queues']) {
      await expect(start(machine)).rejects.toMatchObject({
        name: 'NotImplemented',
        $metadata: { httpStatusCode: 501 },
      });
    }
    const unknown = new DescribeStateMachineCommand({ stateMachineArn: arnOf('echo') });
    await expect(client.send(unknown)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});

describe('a state machine with jobs whose role may not hear of them', () => {
  it('does not start, as it would not deploy', async () => {
    const broken = synthesizeStack((stack) => {
      const role = new Role(stack, 'machine', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
      const transform = {
        Type: 'Task',
        Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
        ...END,
      };
      new CfnStateMachine(stack, 'Jobs', {
        roleArn: role.roleArn,
        definition: { StartAt: 'A', States: { A: transform } },
      });
    });

    await expect(startCloud({ assemblyDir: broken, plugins: [createStepFunctionsPlugin()] })).rejects.toThrow(
      /Test\/Jobs: its role is not authorized to create the managed rule.*events:PutTargets/,
    );
  });
});
