import { describe, expect, it } from 'vitest';
import { comparisonWith, enoughBreach } from '../../../local/cloudwatch/evaluation.ts';

describe('comparisonWith', () => {
  it.each([
    ['GreaterThanThreshold', [false, false, true]],
    ['GreaterThanOrEqualToThreshold', [false, true, true]],
    ['LessThanThreshold', [true, false, false]],
    ['LessThanOrEqualToThreshold', [true, true, false]],
  ])('%s of 2 holds for 1, 2 and 3: %j', (operator, expected) => {
    expect([1, 2, 3].map((value) => comparisonWith(2, operator)?.(value))).toEqual(expected);
  });

  it.each(['GreaterThanUpperThreshold', 'constructor', ''])('is none for %j', (operator) => {
    expect(comparisonWith(2, operator)).toBeUndefined();
  });
});

describe('enoughBreach', () => {
  const rule = {
    breaches: (value: number) => value > 2,
    minutes: 3,
    minutesToAlarm: 2,
    missingBreaches: false,
  };

  it.each([
    [[3, 3, 1], true],
    [[3, 1, 3], true],
    [[3, 1, 1], false],
    [[3, 3, 1, 1, 3], false],
    [[3], false],
    [[3, undefined, undefined], false],
  ])('of %j, with two of three minutes, is %s', (values, expected) => {
    expect(enoughBreach(rule, values)).toBe(expected);
  });

  it('counts minutes without data where they breach', () => {
    expect(enoughBreach({ ...rule, missingBreaches: true }, [1, undefined, undefined])).toBe(true);
  });
});
