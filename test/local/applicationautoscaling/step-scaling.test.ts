import { describe, expect, it } from 'vitest';
import type { StepPolicy } from '../../../local/applicationautoscaling/policy.ts';
import { takeStep } from '../../../local/applicationautoscaling/step-scaling.ts';

const policy: StepPolicy = {
  kind: 'step',
  name: 'steps',
  metric: { namespace: 'N', name: 'M', dimensions: {}, statistic: 'Average' },
  alarm: {
    threshold: 100,
    breaches: (value) => value >= 100,
    minutes: 1,
    minutesToAlarm: 1,
    missingBreaches: false,
  },
  adjustmentType: 'PercentChangeInCapacity',
  minAdjustmentMagnitude: 0,
  steps: [
    { from: 0, to: 50, adjustment: 10 },
    { from: 50, to: Number.POSITIVE_INFINITY, adjustment: 50 },
  ],
  cooldownMs: 0,
};

const step = (value: number | undefined, capacity: number, others: Partial<StepPolicy> = {}) =>
  takeStep({ ...policy, ...others }, [value], capacity, capacity);

describe('a step', () => {
  it('has its lower bound and not its upper one', () => {
    expect([99, 100, 149, 150].map((value) => step(value, 20))).toEqual([undefined, 22, 22, 30]);
  });

  it('rounds a percentage below one up, and others down', () => {
    expect(step(100, 5)).toBe(6);
    expect(step(100, 19)).toBe(20);
    expect(step(150, 5)).toBe(7);
  });

  it('adds no less than the policy says', () => {
    expect(step(100, 10, { minAdjustmentMagnitude: 3 })).toBe(13);
  });

  it('may be a number, or a capacity', () => {
    expect(step(150, 4, { adjustmentType: 'ChangeInCapacity' })).toBe(54);
    expect(step(150, 4, { adjustmentType: 'ExactCapacity' })).toBe(50);
  });

  it('takes away below a threshold, where the upper bound counts', () => {
    const inwards: Partial<StepPolicy> = {
      alarm: { ...policy.alarm, breaches: (value) => value < 100 },
      steps: [
        { from: -50, to: 0, adjustment: -10 },
        { from: Number.NEGATIVE_INFINITY, to: -50, adjustment: -50 },
      ],
    };
    expect([100, 99, 51, 50].map((value) => step(value, 20, inwards))).toEqual([undefined, 18, 18, 10]);
  });

  it('waits until enough minutes breach', () => {
    const patient = { ...policy, alarm: { ...policy.alarm, minutes: 3, minutesToAlarm: 2 } };
    expect(takeStep(patient, [100, 0, 0], 4, 4)).toBeUndefined();
    expect(takeStep(patient, [100, 0, 100], 4, 4)).toBe(5);
    expect(takeStep(patient, [100, undefined, 100], 4, 4)).toBe(5);
  });
});
