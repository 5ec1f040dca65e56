import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct, type IDependable } from 'constructs';
import type { ProvisionedConcurrency } from '../../contract/deployment/scaling.ts';

/** Whose environments are kept ready. */
export interface ProvisionedSubject {
  readonly serviceNamespace: 'sagemaker' | 'lambda';
  readonly scalableDimension:
    | 'sagemaker:variant:DesiredProvisionedConcurrency'
    | 'lambda:function:ProvisionedConcurrency';
  readonly metric:
    | 'SageMakerVariantProvisionedConcurrencyUtilization'
    | 'LambdaProvisionedConcurrencyUtilization';
  readonly resourceId: string;
  /** Has to exist before it can be registered, and is deleted after it is deregistered. */
  readonly resource: IDependable;
}

/** Environments take a minute to get ready, and idle ones cost little beside the cold starts that giving up early brings. */
const SCALE_OUT_COOLDOWN_SECONDS = 60;
const SCALE_IN_COOLDOWN_SECONDS = 300;

/** Provisioned concurrency that follows its use. */
export class ProvisionedScaling extends Construct {
  constructor(
    scope: Construct,
    id: string,
    subject: ProvisionedSubject,
    provisioned: ProvisionedConcurrency,
  ) {
    super(scope, id);
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: subject.serviceNamespace,
      scalableDimension: subject.scalableDimension,
      resourceId: subject.resourceId,
      minCapacity: provisioned.min,
      maxCapacity: provisioned.max,
    });
    target.node.addDependency(subject.resource);
    new CfnScalingPolicy(this, 'Utilization', {
      policyName: 'provisioned-concurrency-utilization',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: subject.metric },
        targetValue: provisioned.targetUtilization,
        scaleOutCooldown: SCALE_OUT_COOLDOWN_SECONDS,
        scaleInCooldown: SCALE_IN_COOLDOWN_SECONDS,
      },
    });
  }
}
