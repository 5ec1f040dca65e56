import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct, type IDependable } from 'constructs';
import type { AsynchronousHosting } from '../../contract/deployment/deployment.ts';
import { WakeFromZero } from './wake-from-zero.ts';

export interface BacklogScalingProps {
  readonly endpointName: string;
  readonly variantName: string;
  /** Has to be there before its capacity can be registered, and is deleted after that. */
  readonly endpoint: IDependable;
  readonly hosting: AsynchronousHosting;
  /** Of the alarm that starts the first instance. */
  readonly wakeAlarmName: string;
}

/** Minutes that an endpoint has waiting requests and no instance before it is woken. */
const WAKE_AFTER_MINUTES = 2;

/** As long as target tracking waits by itself where nothing else is declared. */
const LEAST_SCALE_IN_COOLDOWN_SECONDS = 300;

/**
 * Instances for what waits. An asynchronous endpoint counts no invocations: what it publishes is its backlog, by endpoint
 * and not by variant. With no instances the backlog by instance is no number, so an endpoint that may go to zero is woken
 * by a second policy.
 */
export class BacklogScaling extends Construct {
  constructor(scope: Construct, id: string, props: BacklogScalingProps) {
    super(scope, id);
    const { hosting, endpointName } = props;
    const target = new CfnScalableTarget(this, 'Capacity', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${endpointName}/variant/${props.variantName}`,
      minCapacity: hosting.instances.min,
      maxCapacity: hosting.instances.max,
    });
    target.node.addDependency(props.endpoint);
    new CfnScalingPolicy(this, 'BacklogPerInstance', {
      policyName: 'backlog-per-instance',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        customizedMetricSpecification: {
          namespace: 'AWS/SageMaker',
          metricName: 'ApproximateBacklogSizePerInstance',
          dimensions: [{ name: 'EndpointName', value: endpointName }],
          statistic: 'Average',
        },
        targetValue: hosting.backlogPerInstance,
        scaleOutCooldown: hosting.scaleOutCooldownSeconds,
        scaleInCooldown: scaleInCooldownSeconds(hosting),
      },
    });
    if (hosting.instances.min > 0) return;
    new WakeFromZero(this, 'Wake', {
      scalingTargetId: target.ref,
      alarmName: props.wakeAlarmName,
      reason: 'requests wait and nothing runs',
      metric: {
        metricName: 'HasBacklogWithoutCapacity',
        dimensions: [{ name: 'EndpointName', value: endpointName }],
        statistic: 'Average',
        treatMissingData: 'missing',
      },
      minutes: WAKE_AFTER_MINUTES,
    });
  }
}

/** An instance that has just begun a request should have the time to finish it. */
function scaleInCooldownSeconds({ scaleInCooldownSeconds, timeoutSeconds }: AsynchronousHosting): number {
  return scaleInCooldownSeconds ?? Math.max(LEAST_SCALE_IN_COOLDOWN_SECONDS, timeoutSeconds);
}
