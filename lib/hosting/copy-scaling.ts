import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct, type IDependable } from 'constructs';
import type { RealtimeHosting } from '../../contract/deployment/deployment.ts';
import { invocationsPerMinute, scheduledActions } from './instance-scaling.ts';
import { WakeFromZero } from './wake-from-zero.ts';

export interface CopyScalingProps {
  readonly componentName: string;
  /** Has to be there before its copies can be registered, and is deleted after that. */
  readonly component: IDependable;
  readonly hosting: RealtimeHosting;
  /** Of the alarm that starts the first copy. */
  readonly wakeAlarmName: string;
}

/**
 * Copies of a model for the requests that each of them gets; SageMaker brings the instances that they need, and takes
 * those away that hold none. Without a copy there is nothing to divide by, so a second policy starts the first one when a
 * request has found none (SageMaker developer guide, "Scale an endpoint to zero instances").
 */
export class CopyScaling extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { componentName, component, hosting, wakeAlarmName }: CopyScalingProps,
  ) {
    super(scope, id);
    const target = new CfnScalableTarget(this, 'Copies', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      resourceId: `inference-component/${componentName}`,
      minCapacity: 0,
      maxCapacity: hosting.instances.max,
      ...(hosting.schedules.length === 0 ? {} : { scheduledActions: scheduledActions(hosting) }),
    });
    target.node.addDependency(component);
    new CfnScalingPolicy(this, 'InvocationsPerCopy', {
      policyName: 'invocations-per-copy',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy',
        },
        targetValue: invocationsPerMinute(hosting),
        scaleOutCooldown: hosting.scaleOutCooldownSeconds,
        scaleInCooldown: hosting.scaleInCooldownSeconds,
      },
    });
    new WakeFromZero(this, 'Wake', {
      scalingTargetId: target.ref,
      alarmName: wakeAlarmName,
      reason: 'a request found none',
      metric: {
        metricName: 'NoCapacityInvocationFailures',
        dimensions: [{ name: 'InferenceComponentName', value: componentName }],
        statistic: 'Sum',
        treatMissingData: 'notBreaching',
      },
      minutes: 1,
    });
  }
}
