import type { TargetTrackingPolicy } from './policy.ts';

/**
 * The alarms that Application Auto Scaling makes for a target tracking policy, one-minute points both: three in a row
 * above the target scale out, fifteen in a row below 90 % of it scale in (as `DescribeAlarms` shows them; Lambda
 * developer guide, "Managing provisioned concurrency with Application Auto Scaling", for the same figures).
 */
const HIGH_MINUTES = 3;
const LOW_MINUTES = 15;
const LOW_SHARE = 0.9;

/** How many minutes a policy has to look back. */
export const TARGET_TRACKING_MINUTES = LOW_MINUTES;

/**
 * The capacity that would bring the metric back to the target, from the last minutes' values, the newest last. A minute
 * without data leaves an alarm undecided, and nothing changes (Application Auto Scaling, "Target tracking", on
 * insufficient data). AWS does not publish its formula: it says that scaling is in proportion, and more careful inwards.
 * Here the newest value decides outwards and the highest of the fifteen inwards, rounded up both.
 * @param current the capacity there is
 * @param serving the capacity that a scale-out is reckoned from
 */
export function trackTarget(
  policy: TargetTrackingPolicy,
  minutes: readonly (number | undefined)[],
  current: number,
  serving: number,
): number | undefined {
  const { target } = policy;
  const high = minutes.slice(-HIGH_MINUTES);
  const newest = high.at(-1);
  if (newest !== undefined && all(high, HIGH_MINUTES, (value) => value > target)) {
    return Math.max(current, inProportion(serving, newest, target));
  }
  const low = minutes.slice(-LOW_MINUTES);
  if (policy.scalesIn && all(low, LOW_MINUTES, (value) => value < LOW_SHARE * target)) {
    const highest = Math.max(...low.map((value) => value ?? 0));
    return inProportion(current, highest, target);
  }
  return undefined;
}

function all(
  minutes: readonly (number | undefined)[],
  count: number,
  holds: (value: number) => boolean,
): boolean {
  return minutes.length === count && minutes.every((value) => value !== undefined && holds(value));
}

/** Rounded up, but not for the dust of floating point. */
function inProportion(serving: number, value: number, target: number): number {
  return Math.ceil((serving * value) / target - 1e-9);
}
