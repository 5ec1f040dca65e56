import type { Schedule } from './schedule.ts';

/** One metric by one statistic, minute by minute. */
export interface MinuteMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Average' | 'Minimum' | 'Maximum';
}

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

/** What has to be true of how many of the last minutes for a step policy to act. */
export interface StepAlarm {
  readonly threshold: number;
  readonly breaches: (value: number) => boolean;
  readonly minutes: number;
  readonly minutesToAlarm: number;
  /** Whether a minute without data counts as a breach. */
  readonly missingBreaches: boolean;
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
