import type { ServicePlugin } from '../core/plugin/service-plugin.ts';
import { arnOf, nameOf } from '../template/naming.ts';
import type { Identity, Unidentified } from '../template/resource-types.ts';

const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';

export interface StepFunctionsOptions {
  /** Draws from [0, 1) how long a retry with jitter waits. @default Math.random */
  readonly random?: () => number;
}

function identify(resource: Unidentified): Identity {
  const name = nameOf(resource, 'StateMachineName', 80);
  const arn = arnOf('states', resource, `stateMachine:${name}`);
  return { ref: arn, attributes: { Arn: arn, Name: name } };
}

/**
 * Step Functions: state machines in the Amazon States Language with JSONPath, whose tasks invoke functions and run
 * transform jobs, with the permissions of the machine's role. Not emulated: Map and Parallel states, JSONata, intrinsic
 * functions, other services' tasks, callbacks, activities, express workflows, redrives, versions and logs. Executions are
 * kept in memory.
 */
export function createStepFunctionsPlugin({
  random = Math.random,
}: StepFunctionsOptions = {}): ServicePlugin {
  return {
    name: 'stepfunctions',
    resourceTypes: { [STATE_MACHINE]: { support: 'emulated', identify } },
    async start(cloud) {
      const resources = cloud.resources(STATE_MACHINE);
      // Most assemblies have none, and start without what would run them.
      if (resources.length === 0) return { close: async () => undefined };
      const { startStateMachines } = await import('./start.ts');
      return startStateMachines(cloud, resources, random);
    },
  };
}

export const stepFunctionsPlugin = createStepFunctionsPlugin();
