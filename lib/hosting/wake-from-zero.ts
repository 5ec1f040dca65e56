import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAlarm, type CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

export interface WakeFromZeroProps {
  /** The registered capacity that gets its first instance. */
  readonly scalingTargetId: string;
  readonly alarmName: string;
  /** What the alarm says of itself: why the first instance is started. */
  readonly reason: string;
  /** What shows that somebody waits and nothing runs: 1 or more, by the minute. */
  readonly metric: Required<Pick<CfnAlarmProps, 'metricName' | 'dimensions' | 'treatMissingData'>> & {
    readonly statistic: 'Average' | 'Sum';
  };
  /** For how many minutes in a row. */
  readonly minutes: number;
}

/** Long enough for an instance to start before the alarm may ask for one more. */
const COOLDOWN_SECONDS = 300;

/** Adds the first instance where there is none, and so nothing that target tracking could divide by. */
export class WakeFromZero extends Construct {
  constructor(scope: Construct, id: string, props: WakeFromZeroProps) {
    super(scope, id);
    const { statistic } = props.metric;
    const policy = new CfnScalingPolicy(this, 'Policy', {
      policyName: 'wake-from-zero',
      policyType: 'StepScaling',
      scalingTargetId: props.scalingTargetId,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        metricAggregationType: statistic === 'Sum' ? 'Maximum' : 'Average',
        cooldown: COOLDOWN_SECONDS,
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    });
    new CfnAlarm(this, 'Alarm', {
      ...props.metric,
      alarmName: props.alarmName,
      alarmDescription: `Starts the first instance: ${props.reason}. Nobody has to do anything.`,
      namespace: 'AWS/SageMaker',
      period: 60,
      evaluationPeriods: props.minutes,
      datapointsToAlarm: props.minutes,
      threshold: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      alarmActions: [policy.ref],
    });
  }
}
