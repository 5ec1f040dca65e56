import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { AwsError } from '../../core/wire/aws-error.ts';
import type {} from '../../sagemaker/transform/service.ts';
import { StateError } from '../asl/errors.ts';
import { sufferCall } from './injected-faults.ts';
import type { Task, TaskRunner } from './task.ts';

const RESOURCE = 'arn:aws:states:::sagemaker:createTransformJob';

/** Starts a transform job. */
export const createTransformJob: Task = { resource: RESOURCE, run: transform };

/** Starts a transform job and waits for its end. */
export const transformToEnd: Task = { resource: `${RESOURCE}.sync`, isJob: true, run: toEnd };

/** The rule by which Step Functions hears of transform jobs, and what its role needs for that. */
export function jobEventPermissions({ region, accountId }: LocalCloud) {
  const resource = `arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule`;
  return ['PutTargets', 'PutRule', 'DescribeRule'].map((action) => ({
    action: `events:${action}`,
    resource,
  }));
}

/** What SageMaker's own errors are called in a state machine. */
const JOB_ERRORS: Readonly<Record<string, string>> = {
  ResourceLimitExceeded: 'SageMaker.ResourceLimitExceededException',
};

async function transform(runner: TaskRunner, parameters: unknown, signal: AbortSignal): Promise<unknown> {
  const { cloud, roleArn } = runner;
  const name = jobNameOf(parameters);
  const resource = jobArn(cloud, name);
  const denial = await cloud.denial(
    roleArn,
    ['CreateTransformJob', 'AddTags'].map((action) => ({ action: `sagemaker:${action}`, resource })),
  );
  if (denial !== undefined) throw new StateError('SageMaker.AmazonSageMakerException', denial);
  const call = { service: 'sagemaker', operation: 'CreateTransformJob', resource };
  await sufferCall(runner, call, 'SageMaker', signal);
  try {
    return await cloud.services.transformJobs?.create(parameters);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateError(JOB_ERRORS[error.code] ?? 'SageMaker.AmazonSageMakerException', error.message);
  }
}

async function toEnd(runner: TaskRunner, parameters: unknown, signal: AbortSignal): Promise<unknown> {
  const { cloud, roleArn } = runner;
  const name = jobNameOf(parameters);
  const resource = jobArn(cloud, name);
  await transform(runner, parameters, signal);
  const denial = await cloud.denial(
    roleArn,
    ['DescribeTransformJob', 'StopTransformJob'].map((action) => ({
      action: `sagemaker:${action}`,
      resource,
    })),
  );
  if (denial !== undefined) throw new StateError('SageMaker.AmazonSageMakerException', denial);
  const stop = (): void => void cloud.services.transformJobs?.stop(name);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const description = await cloud.services.transformJobs?.ended(name);
  signal.removeEventListener('abort', stop);
  if (description?.TransformJobStatus === 'Completed') return description;
  throw new StateError('States.TaskFailed', JSON.stringify(description));
}

function jobNameOf(parameters: unknown): string {
  const named = typeof parameters === 'object' && parameters !== null && 'TransformJobName' in parameters;
  return named ? String(parameters.TransformJobName) : '';
}

function jobArn({ region, accountId }: LocalCloud, name: string): string {
  return `arn:aws:sagemaker:${region}:${accountId}:transform-job/${name.toLowerCase()}`;
}
