import { enoughBreach } from '../cloudwatch/evaluation.ts';
import type { StepPolicy } from './policy.ts';

/**
 * The capacity that a step policy asks for, from the last minutes' values, the newest last; undefined while its alarm is
 * not in alarm, or where no step is about the value.
 * @param current the capacity there is
 * @param serving the capacity that a scale-out is reckoned from
 */
export function takeStep(
  policy: StepPolicy,
  minutes: readonly (number | undefined)[],
  current: number,
  serving: number,
): number | undefined {
  const newest = minutes.at(-1);
  if (newest === undefined || !enoughBreach(policy.alarm, minutes)) return undefined;
  const distance = newest - policy.alarm.threshold;
  const step = policy.steps.find(({ from, to }) => isWithin(distance, from, to));
  if (step === undefined) return undefined;
  const changed = (by: number): number => (by > 0 ? Math.max(current, serving + by) : current + by);
  switch (policy.adjustmentType) {
    case 'ExactCapacity':
      return step.adjustment;
    case 'ChangeInCapacity':
      return changed(step.adjustment);
    case 'PercentChangeInCapacity':
      return changed(percentChange(serving, step.adjustment, policy.minAdjustmentMagnitude));
  }
}

/** Above the threshold a step has its lower bound, below it its upper one (Application Auto Scaling, "Step adjustments"). */
function isWithin(distance: number, from: number, to: number): boolean {
  return distance >= 0 ? distance >= from && distance < to : distance > from && distance <= to;
}

/** Values between 0 and 1 become 1, larger ones lose their fraction (the same page, "Scaling adjustment types"). */
function percentChange(serving: number, percent: number, least: number): number {
  const exact = (serving * percent) / 100;
  const sign = Math.sign(exact);
  const whole = Math.abs(exact) < 1 ? Math.ceil(Math.abs(exact)) : Math.floor(Math.abs(exact) + 1e-9);
  return exact === 0 ? 0 : sign * Math.max(whole, least);
}
