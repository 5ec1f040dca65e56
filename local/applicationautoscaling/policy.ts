import type { BreachRule } from '../cloudwatch/evaluation.ts';
import type { MinuteMetric } from '../cloudwatch/minute-value.ts';
import type { Schedule } from './schedule.ts';

/** Keeps a metric at a target. */
export interface TargetTrackingPolicy {
  readonly kind: 'target-tracking';
  readonly name: string;
  readonly metric: MinuteMetric;
  readonly target: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly scalesIn: boolean;
}

/** One step: from a distance to the alarm's threshold on, up to another. */
export interface Step {
  readonly from: number;
  readonly to: number;
  /** A change, a percentage or a capacity, as the policy's type says. */
  readonly adjustment: number;
}

/** When a step policy acts. */
export interface StepAlarm extends BreachRule {
  readonly threshold: number;
}

/** Changes capacity by how far a metric is beyond an alarm's threshold. */
export interface StepPolicy {
  readonly kind: 'step';
  readonly name: string;
  readonly metric: MinuteMetric;
  readonly alarm: StepAlarm;
  readonly adjustmentType: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';
  readonly minAdjustmentMagnitude: number;
  readonly steps: readonly Step[];
  readonly cooldownMs: number;
}

export type Policy = TargetTrackingPolicy | StepPolicy;

/** Bounds that begin at a time. */
export interface ScheduledAction {
  readonly name: string;
  readonly schedule: Schedule;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A resource that is registered for scaling, with everything that scales it. */
export interface ScalableTarget {
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly Policy[];
  readonly scheduledActions: readonly ScheduledAction[];
}
