import { z } from 'zod';
import { type InvokeResult, LambdaThrottled } from '../../lambda/service.ts';
import { StateError } from '../asl/errors.ts';
import { sufferCall } from './injected-faults.ts';
import type { Task, TaskRunner } from './task.ts';

/** Invokes a function and waits for its answer. */
export const invokeFunction: Task = { resource: 'arn:aws:states:::lambda:invoke', run: invoke };

const invocation = z.strictObject({ FunctionName: z.string(), Payload: z.unknown().optional() });

async function invoke(runner: TaskRunner, parameters: unknown, signal: AbortSignal): Promise<unknown> {
  const { cloud, roleArn } = runner;
  const parsed = invocation.safeParse(parameters);
  if (!parsed.success) throw new StateError('States.Runtime', z.prettifyError(parsed.error));
  const { FunctionName: functionArn, Payload: payload } = parsed.data;
  const action = 'lambda:InvokeFunction';
  const denial = await cloud.denial(roleArn, [{ action, resource: functionArn }]);
  if (denial !== undefined) throw new StateError('Lambda.AWSLambdaException', denial);
  const call = { service: 'lambda', operation: 'InvokeFunction', resource: functionArn };
  await sufferCall(runner, call, 'Lambda', signal);
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
