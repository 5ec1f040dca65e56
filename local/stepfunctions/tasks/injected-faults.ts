import { roleNameOf } from '../../core/iam/credentials.ts';
import { StateError } from '../asl/errors.ts';
import type { TaskRunner } from './task.ts';

/**
 * Lets a fault strike the call that a task makes of its service, although that does not come through the front door.
 * @param prefix what Step Functions calls the service in the names of its errors
 * @throws {StateError} as Step Functions names the error of the service
 */
export async function sufferCall(
  { cloud, roleArn }: TaskRunner,
  call: { readonly service: string; readonly operation: string; readonly resource: string },
  prefix: 'Lambda' | 'SageMaker',
  signal: AbortSignal,
): Promise<void> {
  const { service, operation, resource } = call;
  const caller = { roleArn, sessionName: roleNameOf(roleArn) };
  const error = await cloud.faults.strike(
    { at: 'call', service, operation, resources: [resource], caller },
    signal,
  );
  if (error === undefined) return;
  const name = prefix === 'SageMaker' ? 'AmazonSageMakerException' : error.code;
  throw new StateError(`${prefix}.${name}`, `${error.message} (${error.code})`);
}

/** Lets a fault strike a task itself. @throws {StateError} with the fault's code and message */
export async function sufferTask(
  { cloud, stateMachine }: TaskRunner,
  state: string,
  resource: string,
  signal: AbortSignal,
): Promise<void> {
  const error = await cloud.faults.strike({ at: 'task', stateMachine, state, resource }, signal);
  if (error !== undefined) throw new StateError(error.code, error.message);
}
