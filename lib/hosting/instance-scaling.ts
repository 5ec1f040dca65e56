import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, type IDependable } from 'constructs';
import { type RealtimeHosting, SAFETY_FACTOR } from '../../contract/deployment/deployment.ts';
import type { Surge } from '../../contract/deployment/scaling.ts';
import { surgeSteps, surgeThreshold } from './surge-steps.ts';

export interface InstanceScalingProps {
  readonly endpointName: string;
  readonly variantName: string;
  /** Has to exist before its variant can be registered, and is deleted after it is deregistered. */
  readonly endpoint: IDependable;
  readonly hosting: RealtimeHosting;
}

/** How many instances serve a variant: by the requests each of them gets, by surges, and by the clock. */
export class InstanceScaling extends Construct {
  constructor(scope: Construct, id: string, props: InstanceScalingProps) {
    super(scope, id);
    const { hosting } = props;
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${props.endpointName}/variant/${props.variantName}`,
      minCapacity: hosting.instances.min,
      maxCapacity: hosting.instances.max,
      ...(hosting.schedules.length === 0 ? {} : { scheduledActions: scheduledActions(hosting) }),
    });
    target.node.addDependency(props.endpoint);
    new CfnScalingPolicy(this, 'InvocationsPerInstance', {
      policyName: 'invocations-per-instance',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerVariantInvocationsPerInstance',
        },
        targetValue: invocationsPerMinute(hosting),
        scaleOutCooldown: hosting.scaleOutCooldownSeconds,
        scaleInCooldown: hosting.scaleInCooldownSeconds,
        ...(hosting.scaleIn === 'disabled' ? { disableScaleIn: true } : {}),
      },
    });
    if (hosting.surge !== undefined) this.#followSurges(props, target, hosting.surge);
  }

  #followSurges(props: InstanceScalingProps, target: CfnScalableTarget, surge: Surge): void {
    const perMinute = invocationsPerMinute(props.hosting);
    const policy = new CfnScalingPolicy(this, 'SurgePolicy', {
      policyName: 'surge',
      policyType: 'StepScaling',
      scalingTargetId: target.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'PercentChangeInCapacity',
        metricAggregationType: 'Average',
        minAdjustmentMagnitude: 1,
        cooldown: props.hosting.scaleOutCooldownSeconds,
        stepAdjustments: surgeSteps(surge, perMinute),
      },
    });
    // Nobody is told: it is a part of scaling, and names no runbook.
    new CfnAlarm(this, 'SurgeAlarm', {
      alarmDescription: `Load of ${surge.timesTarget} times what the instances are planned for: adds instances`,
      namespace: 'AWS/SageMaker',
      metricName: 'InvocationsPerInstance',
      dimensions: [
        { name: 'EndpointName', value: props.endpointName },
        { name: 'VariantName', value: props.variantName },
      ],
      // Each request counts as a fraction of one, so the sum is what an instance got (SageMaker metrics in CloudWatch).
      statistic: 'Sum',
      period: 60,
      evaluationPeriods: 1,
      threshold: surgeThreshold(surge, perMinute),
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [policy.ref],
    });
  }
}

/** The bounds that change by the clock. */
export function scheduledActions({
  schedules,
}: RealtimeHosting): CfnScalableTarget.ScheduledActionProperty[] {
  return schedules.map(({ name, cron, timeZone, min, max }) => ({
    scheduledActionName: name,
    schedule: `cron(${cron})`,
    timezone: timeZone,
    scalableTargetAction: { minCapacity: min, maxCapacity: max },
  }));
}

/** What an instance is planned to carry; the metric counts by the minute. */
export function invocationsPerMinute({ requestsPerSecondPerInstance }: RealtimeHosting): number {
  return Math.round(requestsPerSecondPerInstance * 60 * SAFETY_FACTOR * 1000) / 1000;
}
