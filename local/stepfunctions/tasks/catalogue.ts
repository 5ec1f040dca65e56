import { StateError } from '../asl/errors.ts';
import { sufferTask } from './injected-faults.ts';
import { invokeFunction } from './invoke-function.ts';
import type { Task, TaskRunner } from './task.ts';
import { createTransformJob, transformToEnd } from './transform-job.ts';

/** Every kind of task that can be done here. */
const TASKS: ReadonlyMap<string, Task> = new Map(
  [invokeFunction, createTransformJob, transformToEnd].map((task) => [task.resource, task]),
);

/** Whether tasks of a resource can be done here. */
export function isEmulated(resource: string): boolean {
  return TASKS.has(resource);
}

/** Whether a task waits for the end of a job, of which an event tells. */
export function isJob(resource: string): boolean {
  return TASKS.get(resource)?.isJob === true;
}

/** What a state asks for. */
export interface Attempt {
  /** Its name. */
  readonly state: string;
  readonly resource: string;
  readonly parameters: unknown;
}

/**
 * Does one task, unless a fault strikes it.
 * @param signal ends a job that is waited for
 * @throws {StateError} named as Step Functions names the failures of the service
 */
export async function runTask(
  runner: TaskRunner,
  { state, resource, parameters }: Attempt,
  signal: AbortSignal,
): Promise<unknown> {
  const task = TASKS.get(resource);
  if (task === undefined) throw new StateError('States.Runtime', `No tasks of ${resource} are emulated`);
  await sufferTask(runner, state, resource, signal);
  return task.run(runner, parameters, signal);
}
