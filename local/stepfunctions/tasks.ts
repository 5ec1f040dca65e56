import { z } from 'zod';
import { AwsError } from '../core/aws-error.ts';
import { type InvokeResult, LambdaThrottled, type LocalCloud } from '../core/plugin.ts';
import { StateError } from './asl/errors.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const TRANSFORM = 'arn:aws:states:::sagemaker:createTransformJob';
const TRANSFORM_SYNC = `${TRANSFORM}.sync`;

/** Whether tasks of a resource can be done here. */
export function isEmulated(resource: string): boolean {
  return [INVOKE, TRANSFORM, TRANSFORM_SYNC].includes(resource);
}

/** Whether a task waits for the end of a job, of which an event tells. */
export function isJob(resource: string): boolean {
  return resource === TRANSFORM_SYNC;
}

/** The rule by which Step Functions hears of transform jobs, and what its role needs for that. */
export function jobEventPermissions({ region, accountId }: LocalCloud) {
  const resource = `arn:aws:events:${region}:${accountId}:rule/StepFunctionsGetEventsForSageMakerTransformJobsRule`;
  return ['PutTargets', 'PutRule', 'DescribeRule'].map((action) => ({
    action: `events:${action}`,
    resource,
  }));
}

/** Whoever does a state machine's tasks: with its role's permissions. */
export interface TaskRunner {
  readonly cloud: LocalCloud;
  readonly roleArn: string;
}

/**
 * Does one task.
 * @param signal ends a job that is waited for
 * @throws {StateError} named as Step Functions names the failures of the service
 */
export async function runTask(
  runner: TaskRunner,
  resource: string,
  parameters: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  switch (resource) {
    case INVOKE:
      return invoke(runner, parameters);
    case TRANSFORM:
      return transform(runner, parameters);
    case TRANSFORM_SYNC:
      return transformToEnd(runner, parameters, signal);
    default:
      throw new StateError('States.Runtime', `No tasks of ${resource} are emulated`);
  }
}

const invocation = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });

async function invoke({ cloud, roleArn }: TaskRunner, parameters: unknown): Promise<unknown> {
  const parsed = invocation.safeParse(parameters);
  if (!parsed.success) throw new StateError('States.Runtime', z.prettifyError(parsed.error));
  const { FunctionName: functionArn, Payload: payload } = parsed.data;
  const action = 'lambda:InvokeFunction';
  const denial = await cloud.denial(roleArn, [{ action, resource: functionArn }]);
  if (denial !== undefined) throw new StateError('Lambda.AWSLambdaException', denial);
  failInjected(cloud, 'lambda', 'InvokeFunction', functionArn, 'Lambda');
  const { lambda } = cloud.services;
  if (lambda === undefined) throw new StateError('Lambda.AWSLambdaException', 'Lambda does not run here');
  let result: InvokeResult;
  try {
    result = await lambda.invoke(functionArn, payload ?? {});
  } catch (error) {
    if (error instanceof LambdaThrottled)
      throw new StateError('Lambda.TooManyRequestsException', error.message);
    throw new StateError('Lambda.AWSLambdaException', (error as Error).message);
  }
  if (result.functionError !== undefined) throw functionFailure(result.payload);
  return { ExecutedVersion: '$LATEST', Payload: result.payload, StatusCode: 200 };
}

/** The error that a function raised has the name of its type, and its whole object as the cause. */
function functionFailure(payload: unknown): StateError {
  const type = typeof payload === 'object' && payload !== null && 'errorType' in payload;
  return new StateError(type ? String(payload.errorType) : 'Lambda.Unknown', JSON.stringify(payload));
}

/** What SageMaker's own errors are called in a state machine. */
const JOB_ERRORS: Readonly<Record<string, string>> = {
  ResourceLimitExceeded: 'SageMaker.ResourceLimitExceededException',
};

async function transform(runner: TaskRunner, parameters: unknown): Promise<unknown> {
  const { cloud, roleArn } = runner;
  const name = jobNameOf(parameters);
  const resource = jobArn(cloud, name);
  const denial = await cloud.denial(
    roleArn,
    ['CreateTransformJob', 'AddTags'].map((action) => ({ action: `sagemaker:${action}`, resource })),
  );
  if (denial !== undefined) throw new StateError('SageMaker.AmazonSageMakerException', denial);
  failInjected(cloud, 'sagemaker', 'CreateTransformJob', resource, 'SageMaker');
  try {
    return await cloud.services.transformJobs?.create(parameters);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StateError(JOB_ERRORS[error.code] ?? 'SageMaker.AmazonSageMakerException', error.message);
  }
}

async function transformToEnd(
  runner: TaskRunner,
  parameters: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { cloud, roleArn } = runner;
  const name = jobNameOf(parameters);
  const resource = jobArn(cloud, name);
  await transform(runner, parameters);
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

/** Faults strike these calls too, although they do not come through the front door. */
function failInjected(
  cloud: LocalCloud,
  service: string,
  operation: string,
  resource: string,
  prefix: string,
): void {
  const error = cloud.faults.match(service, operation, [resource])?.error;
  if (error === undefined) return;
  const name = prefix === 'SageMaker' ? 'AmazonSageMakerException' : error.code;
  throw new StateError(`${prefix}.${name}`, `${error.message} (${error.code})`);
}
