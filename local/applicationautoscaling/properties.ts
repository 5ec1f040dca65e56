import { z } from 'zod';

/** CloudFormation writes numbers and booleans as strings wherever it likes. */
const number = z.coerce.number();
const boolean = z.union([z.boolean(), z.stringbool()]);

const dimension = z.looseObject({ Name: z.string(), Value: z.string() });

export const targetProperties = z.looseObject({
  ResourceId: z.string(),
  ScalableDimension: z.string(),
  MinCapacity: number,
  MaxCapacity: number,
  ScheduledActions: z
    .array(
      z.looseObject({
        ScheduledActionName: z.string(),
        Schedule: z.string(),
        Timezone: z.string().default('UTC'),
        ScalableTargetAction: z
          .looseObject({ MinCapacity: number.optional(), MaxCapacity: number.optional() })
          .default({}),
      }),
    )
    .default([]),
});

export const policyProperties = z.looseObject({
  PolicyName: z.string(),
  PolicyType: z.string(),
  ScalingTargetId: z.string().optional(),
  ResourceId: z.string().optional(),
  ScalableDimension: z.string().optional(),
  TargetTrackingScalingPolicyConfiguration: z
    .looseObject({
      TargetValue: number,
      ScaleOutCooldown: number.optional(),
      ScaleInCooldown: number.optional(),
      DisableScaleIn: boolean.default(false),
      PredefinedMetricSpecification: z.looseObject({ PredefinedMetricType: z.string() }).optional(),
      CustomizedMetricSpecification: z
        .looseObject({
          Namespace: z.string().optional(),
          MetricName: z.string().optional(),
          Dimensions: z.array(dimension).default([]),
          Statistic: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  StepScalingPolicyConfiguration: z
    .looseObject({
      AdjustmentType: z.enum(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity']),
      Cooldown: number.optional(),
      MinAdjustmentMagnitude: number.default(0),
      StepAdjustments: z.array(
        z.looseObject({
          MetricIntervalLowerBound: number.default(Number.NEGATIVE_INFINITY),
          MetricIntervalUpperBound: number.default(Number.POSITIVE_INFINITY),
          ScalingAdjustment: number,
        }),
      ),
    })
    .optional(),
});

/** An alarm on one metric, as far as a step policy reads it. */
export const alarmProperties = z.looseObject({
  AlarmActions: z.array(z.unknown()).default([]),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(dimension).default([]),
  Statistic: z.string().optional(),
  Period: number.optional(),
  EvaluationPeriods: number,
  DatapointsToAlarm: number.optional(),
  Threshold: number.optional(),
  ComparisonOperator: z.string(),
  TreatMissingData: z.string().default('missing'),
});

export type PolicyProperties = z.infer<typeof policyProperties>;
export type AlarmProperties = z.infer<typeof alarmProperties>;
