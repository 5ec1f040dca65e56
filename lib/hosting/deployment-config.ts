import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { type Rollout, rolloutSteps } from '../../contract/deployment/rollout.ts';

/** How long the old fleet stays after the traffic has moved, in case the new one has to be given up. */
const TERMINATION_WAIT_SECONDS = 120;

/** An hour beyond the bakes is ample for starting instances; after that the deployment counts as failed. */
const STARTUP_ALLOWANCE_SECONDS = 3600;

type Shift = Exclude<Rollout, { strategy: 'rolling' }>;

/** How long a rollout may take before it counts as failed, in seconds. */
export function rolloutTimeoutSeconds(rollout: Rollout): number {
  // All at once waits a second time before the old fleet goes.
  const waits = Math.max(2, rolloutSteps(rollout));
  return STARTUP_ALLOWANCE_SECONDS + waits * rollout.bakeMinutes * 60;
}

/** SageMaker's deployment guardrails for an endpoint with one variant, given up when an alarm fires. */
export function deploymentConfig(
  rollout: Rollout,
  alarmNames: readonly string[],
): CfnEndpoint.DeploymentConfigProperty {
  const autoRollbackConfiguration = { alarms: alarmNames.map((alarmName) => ({ alarmName })) };
  const maximumExecutionTimeoutInSeconds = rolloutTimeoutSeconds(rollout);
  if (rollout.strategy === 'rolling') {
    return {
      rollingUpdatePolicy: {
        maximumBatchSize: capacityPercent(rollout.maxBatchPercent),
        waitIntervalInSeconds: rollout.bakeMinutes * 60,
        maximumExecutionTimeoutInSeconds,
      },
      autoRollbackConfiguration,
    };
  }
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: trafficRouting(rollout, rollout.bakeMinutes * 60),
      terminationWaitInSeconds: TERMINATION_WAIT_SECONDS,
      maximumExecutionTimeoutInSeconds,
    },
    autoRollbackConfiguration,
  };
}

function trafficRouting(
  rollout: Shift,
  waitIntervalInSeconds: number,
): CfnEndpoint.TrafficRoutingConfigProperty {
  switch (rollout.strategy) {
    case 'all-at-once':
      return { type: 'ALL_AT_ONCE', waitIntervalInSeconds };
    case 'canary':
      return { type: 'CANARY', canarySize: capacityPercent(rollout.percent), waitIntervalInSeconds };
    case 'linear':
      return { type: 'LINEAR', linearStepSize: capacityPercent(rollout.percent), waitIntervalInSeconds };
  }
}

function capacityPercent(value: number): CfnEndpoint.CapacitySizeProperty {
  return { type: 'CAPACITY_PERCENT', value };
}
