import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Rollout } from '../../contract/deployment.ts';

/** How long the old fleet stays after the traffic has moved, in case the new one has to be given up. */
const TERMINATION_WAIT_SECONDS = 120;

/** An hour beyond the two bakes is ample for starting instances; after that the deployment counts as failed. */
const STARTUP_ALLOWANCE_SECONDS = 3600;

/** SageMaker's deployment guardrails for an endpoint with one variant: blue/green, given up when an alarm fires. */
export function deploymentConfig(
  rollout: Rollout,
  alarmNames: readonly string[],
): CfnEndpoint.DeploymentConfigProperty {
  const bakeSeconds = rollout.bakeMinutes * 60;
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: trafficRouting(rollout, bakeSeconds),
      terminationWaitInSeconds: TERMINATION_WAIT_SECONDS,
      maximumExecutionTimeoutInSeconds: STARTUP_ALLOWANCE_SECONDS + 2 * bakeSeconds,
    },
    autoRollbackConfiguration: { alarms: alarmNames.map((alarmName) => ({ alarmName })) },
  };
}

function trafficRouting(
  rollout: Rollout,
  waitIntervalInSeconds: number,
): CfnEndpoint.TrafficRoutingConfigProperty {
  switch (rollout.strategy) {
    case 'all-at-once':
      return { type: 'ALL_AT_ONCE', waitIntervalInSeconds };
    case 'canary':
      return {
        type: 'CANARY',
        canarySize: { type: 'CAPACITY_PERCENT', value: rollout.percent },
        waitIntervalInSeconds,
      };
  }
}
