import { z } from 'zod';
import { AWS_LIMITS as LIMITS } from '../limits/aws-limits.ts';

const minutes = z.int().positive();

/**
 * The fewest instances of which a part, and not more than half, can go first: canary, linear and rolling all start with
 * at least one instance and at most 50 % of them.
 */
export const FEWEST_FOR_A_PART = 2;

/**
 * How a new version takes over: an endpoint on instances by SageMaker's deployment guardrails, the function that predicts
 * by CodeDeploy.
 */
export const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('all-at-once'), bakeMinutes: minutes.default(5) }),
  z.strictObject({
    strategy: z.literal('canary'),
    /** The share of the capacity that goes first, in percent. */
    percent: z.int().min(1).max(LIMITS.canaryPercent.value).default(10),
    bakeMinutes: minutes.default(10),
  }),
  /** In steps of the same size, on a second fleet. */
  z.strictObject({
    strategy: z.literal('linear'),
    /** The share of the capacity in each step, in percent. */
    percent: z.int().min(LIMITS.linearPercentLeast.value).max(LIMITS.linearPercentMost.value).default(25),
    /** How long each step is watched. */
    bakeMinutes: minutes.default(5),
  }),
  /** In batches that replace old instances: it needs no second fleet, which large instances may not get. */
  z.strictObject({
    strategy: z.literal('rolling'),
    /** The share of the instances that is replaced at once, in percent. */
    maxBatchPercent: z
      .int()
      .min(LIMITS.rollingPercentLeast.value)
      .max(LIMITS.rollingPercentMost.value)
      .default(25),
    /** How long each batch is watched. */
    bakeMinutes: minutes.default(5),
  }),
]);

export type Rollout = z.output<typeof rollout>;

/** How often a rollout waits for `bakeMinutes`: after each of its steps. */
export function rolloutSteps(rollout: Rollout): number {
  switch (rollout.strategy) {
    case 'all-at-once':
      return 1;
    case 'canary':
      return 2;
    case 'linear':
      return Math.ceil(100 / rollout.percent);
    case 'rolling':
      return Math.ceil(100 / rollout.maxBatchPercent);
  }
}

/** How long the traffic of a function is split between two versions: from the first step to the last. */
export function shiftMinutes(rollout: Rollout): number {
  switch (rollout.strategy) {
    case 'all-at-once':
      return 0;
    case 'canary':
      return rollout.bakeMinutes;
    default:
      return (rolloutSteps(rollout) - 1) * rollout.bakeMinutes;
  }
}
