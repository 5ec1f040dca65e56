import { comparisonWith } from '../cloudwatch/evaluation.ts';
import { type MinuteMetric, STATISTICS } from '../cloudwatch/minute-value.ts';
import type { Policy, StepAlarm } from './policy.ts';
import { predefinedMetric } from './predefined-metrics.ts';
import type { AlarmProperties, PolicyProperties } from './properties.ts';

export type Alarm = AlarmProperties;

type TargetTracking = NonNullable<PolicyProperties['TargetTrackingScalingPolicyConfiguration']>;

/** What a policy scales, and the alarms that act through it. */
export interface PolicyPlace {
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly alarms: readonly Alarm[];
}

const SECOND_MS = 1000;

/** How many seconds a cooldown takes that the policy does not name (API reference, `ScaleInCooldown`). */
function defaultCooldownSeconds(scalableDimension: string): number {
  return scalableDimension === 'sagemaker:variant:DesiredInstanceCount' ? 300 : 0;
}

/** The policy, or why it has no effect here. */
export function readPolicy(properties: PolicyProperties, place: PolicyPlace): Policy | string {
  switch (properties.PolicyType) {
    case 'TargetTrackingScaling':
      return targetTracking(properties, place);
    case 'StepScaling':
      return stepScaling(properties, place);
    default:
      return `policies of the type ${properties.PolicyType} are not emulated`;
  }
}

function targetTracking(properties: PolicyProperties, place: PolicyPlace): Policy | string {
  const configuration = properties.TargetTrackingScalingPolicyConfiguration;
  if (configuration === undefined) return 'it has no target tracking configuration';
  const metric = trackedMetric(configuration, place);
  if (typeof metric === 'string') return metric;
  const fallback = defaultCooldownSeconds(place.scalableDimension);
  return {
    kind: 'target-tracking',
    name: properties.PolicyName,
    metric,
    target: configuration.TargetValue,
    scaleOutCooldownMs: (configuration.ScaleOutCooldown ?? fallback) * SECOND_MS,
    scaleInCooldownMs: (configuration.ScaleInCooldown ?? fallback) * SECOND_MS,
    scalesIn: !configuration.DisableScaleIn,
  };
}

/** The metric, or why it can't be read here. */
function trackedMetric(configuration: TargetTracking, { resourceId }: PolicyPlace): MinuteMetric | string {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  if (predefined !== undefined) {
    const type = predefined.PredefinedMetricType;
    return predefinedMetric(type, resourceId) ?? `the metric ${type} of ${resourceId} is not emulated`;
  }
  const statistic = STATISTICS.find((one) => one === customized?.Statistic);
  if (customized?.Namespace === undefined || customized.MetricName === undefined || statistic === undefined) {
    return 'its customized metric is not one metric by a statistic without parameters';
  }
  return {
    namespace: customized.Namespace,
    name: customized.MetricName,
    statistic,
    dimensions: dimensionsOf(customized.Dimensions),
  };
}

function dimensionsOf(declared: readonly { readonly Name: string; readonly Value: string }[]) {
  return Object.fromEntries(declared.map(({ Name, Value }) => [Name, Value]));
}

function stepScaling(properties: PolicyProperties, place: PolicyPlace): Policy | string {
  const configuration = properties.StepScalingPolicyConfiguration;
  if (configuration === undefined) return 'it has no step configuration';
  const [alarm, ...more] = place.alarms;
  if (alarm === undefined || more.length > 0)
    return `${place.alarms.length} alarms act through it, and one is emulated`;
  const { Namespace, MetricName, Threshold, Statistic, Period } = alarm;
  const statistic = STATISTICS.find((one) => one === Statistic);
  const breaches = Threshold === undefined ? undefined : comparisonWith(Threshold, alarm.ComparisonOperator);
  if (Namespace === undefined || MetricName === undefined || Threshold === undefined)
    return 'its alarm is not about one metric and a fixed threshold';
  if (statistic === undefined || Period !== 60 || breaches === undefined)
    return 'its alarm does not compare a statistic without parameters with its threshold by the minute';
  const stepAlarm: StepAlarm = {
    threshold: Threshold,
    breaches,
    minutes: alarm.EvaluationPeriods,
    minutesToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
    missingBreaches: alarm.TreatMissingData === 'breaching',
  };
  return {
    kind: 'step',
    name: properties.PolicyName,
    metric: {
      namespace: Namespace,
      name: MetricName,
      statistic,
      dimensions: dimensionsOf(alarm.Dimensions),
    },
    alarm: stepAlarm,
    adjustmentType: configuration.AdjustmentType,
    minAdjustmentMagnitude: configuration.MinAdjustmentMagnitude,
    steps: configuration.StepAdjustments.map((step) => ({
      from: step.MetricIntervalLowerBound,
      to: step.MetricIntervalUpperBound,
      adjustment: step.ScalingAdjustment,
    })),
    cooldownMs: (configuration.Cooldown ?? 300) * SECOND_MS,
  };
}
