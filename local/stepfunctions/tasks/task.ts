import type { LocalCloud } from '../../core/plugin/local-cloud.ts';

/** Whoever does a state machine's tasks: with its role's permissions. */
export interface TaskRunner {
  readonly cloud: LocalCloud;
  readonly roleArn: string;
  readonly stateMachine: { readonly name: string; readonly arn: string };
}

/** One kind of task: what a state's `Resource` names. */
export interface Task {
  readonly resource: string;
  /** Whether it waits for the end of a job, of which an event tells. */
  readonly isJob?: boolean;
  /**
   * Does it once.
   * @param signal ends a job that is waited for
   * @throws {StateError} named as Step Functions names the failures of the service
   */
  run(runner: TaskRunner, parameters: unknown, signal: AbortSignal): Promise<unknown>;
}
