import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalCloud } from '../../../../local/core/plugin/local-cloud.ts';
import type { CloudServices } from '../../../../local/core/plugin/services.ts';
import { AwsError } from '../../../../local/core/wire/aws-error.ts';
import { Faults } from '../../../../local/faults/faults.ts';
import { LambdaThrottled } from '../../../../local/lambda/service.ts';
import type { TransformDescription, TransformStatus } from '../../../../local/sagemaker/transform/service.ts';
import { runTask } from '../../../../local/stepfunctions/tasks/catalogue.ts';
import { ManualClock } from '../../core/support/manual-clock.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const TRANSFORM = 'arn:aws:states:::sagemaker:createTransformJob.sync';
const JOB = { TransformJobName: 'Job-1' };
const JOB_ARN = 'arn:aws:sagemaker:us-east-1:000000000000:transform-job/job-1';

let services: CloudServices;
let faults: Faults;
let clock: ManualClock;
let denied: string[];
let asked: string[];
let ended: TransformStatus;
let stopped: string[];

beforeEach(() => {
  clock = new ManualClock();
  faults = new Faults(clock);
  denied = [];
  asked = [];
  ended = 'Completed';
  stopped = [];
  services = {
    lambda: {
      invoke: async (_, event) => ({ payload: { got: event } }),
      permits: () => true,
      release: async () => undefined,
    },
    transformJobs: {
      create: async () => ({ TransformJobArn: JOB_ARN }),
      describe: async () => description(),
      ended: async () => description(),
      stop: async (name) => void stopped.push(name),
    },
  };
});

const description = (): TransformDescription => ({
  ...JOB,
  TransformJobArn: JOB_ARN,
  TransformJobStatus: ended,
  ModelName: 'm',
  CreationTime: 0,
  ...(ended === 'Failed' && { FailureReason: 'AlgorithmError: so' }),
});

const cloud = () =>
  ({
    region: 'us-east-1',
    accountId: '000000000000',
    services,
    faults,
    denial: async (_, permissions) => {
      asked.push(...permissions.map(({ action, resource }) => `${action} ${resource}`));
      const refused = permissions.find(({ action }) => denied.includes(action));
      return refused && `not authorized to perform: ${refused.action}`;
    },
  }) as LocalCloud;

const run = (resource: string, parameters: unknown, signal = new AbortController().signal) =>
  runTask(
    {
      cloud: cloud(),
      roleArn: 'arn:aws:iam::0:role/runner',
      stateMachine: { name: 'machine', arn: 'arn:machine' },
    },
    { state: 'Do it', resource, parameters },
    signal,
  );

const invocation = { FunctionName: 'arn:function', Payload: { a: 1 } };

describe('the task of a function', () => {
  it('answers what the function does, if the role may invoke it', async () => {
    expect(await run(INVOKE, invocation)).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { got: { a: 1 } },
      StatusCode: 200,
    });
    expect(asked).toEqual(['lambda:InvokeFunction arn:function']);
  });

  it.each([
    [
      'its own error',
      async () => ({
        payload: { errorType: 'TypeError', errorMessage: 'x' },
        functionError: 'Unhandled' as const,
      }),
      'TypeError',
      '{"errorType":"TypeError","errorMessage":"x"}',
    ],
    [
      'being killed',
      async () => ({ payload: { errorMessage: 'Task timed out' }, functionError: 'Unhandled' as const }),
      'Lambda.Unknown',
      '{"errorMessage":"Task timed out"}',
    ],
    [
      'throttles',
      () => Promise.reject(new LambdaThrottled('Rate')),
      'Lambda.TooManyRequestsException',
      'Rate',
    ],
    ['no such function', () => Promise.reject(new Error('none')), 'Lambda.AWSLambdaException', 'none'],
  ])('fails by %s', async (_, invoke, error, errorCause) => {
    services.lambda = { invoke, permits: () => true, release: async () => undefined };

    await expect(run(INVOKE, invocation)).rejects.toMatchObject({ error, errorCause });
  });

  it('fails where the role may not, or a fault is injected', async () => {
    faults.add({
      service: 'lambda',
      error: { status: 429, code: 'TooManyRequestsException', message: 'slow' },
    });
    await expect(run(INVOKE, invocation)).rejects.toMatchObject({ error: 'Lambda.TooManyRequestsException' });
    denied = ['lambda:InvokeFunction'];
    await expect(run(INVOKE, invocation)).rejects.toMatchObject({
      error: 'Lambda.AWSLambdaException',
      errorCause: 'not authorized to perform: lambda:InvokeFunction',
    });
  });
});

describe('the task of a transform job', () => {
  it('waits for its end, and answers its description', async () => {
    expect(await run(TRANSFORM, JOB)).toMatchObject({ TransformJobStatus: 'Completed' });
    expect(asked).toEqual(
      ['CreateTransformJob', 'AddTags', 'DescribeTransformJob', 'StopTransformJob'].map(
        (action) => `sagemaker:${action} ${JOB_ARN}`,
      ),
    );
  });

  it.each(['Failed', 'Stopped'] as const)(
    'fails where the job is %s, with all that is known of it',
    async (status) => {
      ended = status;

      await expect(run(TRANSFORM, JOB)).rejects.toMatchObject({
        error: 'States.TaskFailed',
        errorCause: JSON.stringify(description()),
      });
    },
  );

  it.each([
    ['ResourceLimitExceeded', 'SageMaker.ResourceLimitExceededException'],
    ['ValidationException', 'SageMaker.AmazonSageMakerException'],
  ])('fails where SageMaker refuses it with %s', async (code, error) => {
    const { transformJobs } = services;
    if (transformJobs === undefined) throw new Error('there are no jobs');
    services.transformJobs = {
      ...transformJobs,
      create: () => Promise.reject(new AwsError(400, code, 'refused')),
    };

    await expect(run(TRANSFORM, JOB)).rejects.toMatchObject({ error, errorCause: 'refused' });
  });

  it('fails where the role may not, or SageMaker is made to throttle', async () => {
    faults.add({
      service: 'sagemaker',
      error: { status: 400, code: 'ThrottlingException', message: 'Rate' },
    });
    await expect(run(TRANSFORM, JOB)).rejects.toMatchObject({
      error: 'SageMaker.AmazonSageMakerException',
      errorCause: 'Rate (ThrottlingException)',
    });
    for (const action of [
      'sagemaker:CreateTransformJob',
      'sagemaker:AddTags',
      'sagemaker:StopTransformJob',
    ]) {
      faults.clear();
      denied = [action];
      await expect(run(TRANSFORM, JOB)).rejects.toMatchObject({
        errorCause: `not authorized to perform: ${action}`,
      });
    }
  });

  it('stops the job where nobody waits for it any more', async () => {
    const abort = new AbortController();
    let end = (): void => undefined;
    const { transformJobs } = services;
    if (transformJobs === undefined) throw new Error('there are no jobs');
    services.transformJobs = {
      ...transformJobs,
      ended: () => new Promise((resolve) => (end = () => resolve(description()))),
      stop: async (name) => {
        stopped.push(name);
        ended = 'Stopped';
        end();
      },
    };
    const task = run(TRANSFORM, JOB, abort.signal);
    task.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));

    abort.abort();

    await expect(task).rejects.toMatchObject({ error: 'States.TaskFailed' });
    expect(stopped).toEqual(['Job-1']);
  });
});
