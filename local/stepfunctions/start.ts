import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource, RunningService } from '../core/plugin/service-plugin.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { createApi } from './api.ts';
import { UnsupportedDefinition } from './asl/definition.ts';
import { Executions } from './executions.ts';
import { readStateMachine, type StateMachine } from './state-machine.ts';
import { jobEventPermissions } from './tasks/transform-job.ts';

/**
 * Runs the state machines of the templates.
 * @throws {Error} where a role lacks what Step Functions asks of it when a state machine is created
 */
export async function startStateMachines(
  cloud: LocalCloud,
  resources: readonly LocalResource[],
  random: () => number,
): Promise<RunningService> {
  const machines = resources.map(readStateMachine);
  for (const machine of machines) await requireJobEvents(cloud, machine);
  const executions = new Executions(cloud, machines, random);
  return {
    api: createApi(executions, () => cloud.clock.now()),
    notEmulated: machines.flatMap(notEmulated),
    drain: () => executions.ended(),
    close: () => executions.close(),
  };
}

function notEmulated({ path, definition }: StateMachine): NotEmulatedResource[] {
  if (!(definition instanceof UnsupportedDefinition)) return [];
  return [{ type: 'AWS::StepFunctions::StateMachine', path, reason: definition.message }];
}

/** Step Functions makes a rule that tells of jobs' ends on behalf of the role; without, a deployment fails. */
async function requireJobEvents(cloud: LocalCloud, { path, roleArn, hasJobs }: StateMachine): Promise<void> {
  if (!hasJobs) return;
  const denial = await cloud.denial(roleArn, jobEventPermissions(cloud));
  if (denial !== undefined)
    throw new Error(`${path}: its role is not authorized to create the managed rule for jobs. ${denial}`);
}
