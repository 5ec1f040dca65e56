import { describe, expect, it } from 'vitest';
import { rollout, rolloutSteps } from '../../../contract/deployment/rollout.ts';
import { capacitySchedule, provisionedConcurrency } from '../../../contract/deployment/scaling.ts';
import { AWS_LIMITS } from '../../../contract/limits/aws-limits.ts';

const messagesOf = (result: { error?: { issues: readonly { message: string }[] } | undefined }) =>
  result.error?.issues.map(({ message }) => message) ?? [];

describe('a schedule', () => {
  const schedule = { name: 'morning', timeZone: 'Europe/Zurich', min: 2, max: 4 };

  it.each(['0 7 ? * MON-FRI *', '*/15 8-18 * * ? 2026', '0 0 1,15 JAN,JUL ? *', '30 6 ? * 2-6 *'])(
    'comes again: %s',
    (cron) => {
      expect(capacitySchedule.safeParse({ ...schedule, cron }).success).toBe(true);
    },
  );

  it.each([
    '0 7 * * MON-FRI *',
    '0 7 ? * ? *',
    '0 7 ? * MON',
    '0 7 L * ? *',
    '0 7 ? * MON#1 *',
    'rate(5 minutes)',
    '',
  ])('is refused: %s', (cron) => {
    expect(messagesOf(capacitySchedule.safeParse({ ...schedule, cron }))).toEqual([
      'is not a cron expression of six fields with "?" for one of the two days, such as "0 7 ? * MON-FRI *"',
    ]);
  });

  it('names a time zone that exists, UTC by itself, and bounds in order', () => {
    const cron = '0 7 * * ? *';
    expect(capacitySchedule.parse({ name: 'a', cron, min: 1, max: 1 }).timeZone).toBe('UTC');
    expect(messagesOf(capacitySchedule.safeParse({ ...schedule, cron, timeZone: 'Zurich' }))).toEqual([
      'is not a time zone such as "Europe/Zurich"',
    ]);
    expect(messagesOf(capacitySchedule.safeParse({ ...schedule, cron, min: 5 }))).toEqual([
      'min is greater than max',
    ]);
  });
});

describe('provisioned concurrency', () => {
  it('aims at 70 % unless told another share', () => {
    expect(provisionedConcurrency.parse({ min: 1, max: 2 }).targetUtilization).toBe(0.7);
    expect(provisionedConcurrency.safeParse({ min: 1, max: 2, targetUtilization: 0.95 }).success).toBe(false);
    expect(messagesOf(provisionedConcurrency.safeParse({ min: 3, max: 2 }))).toEqual([
      'min is greater than max',
    ]);
  });
});

describe('a rollout', () => {
  it.each([
    [{ strategy: 'canary', percent: 51 }],
    [{ strategy: 'linear', percent: 9 }],
    [{ strategy: 'linear', percent: 51 }],
    [{ strategy: 'rolling', maxBatchPercent: 4 }],
    [{ strategy: 'rolling', maxBatchPercent: 51 }],
  ])('stays within what guardrails allow: %o', (declared) => {
    expect(rollout.safeParse(declared).success).toBe(false);
  });

  it.each([
    [{ strategy: 'all-at-once' }, 1],
    [{ strategy: 'canary' }, 2],
    [{ strategy: 'linear', percent: 30 }, 4],
    [{ strategy: 'rolling', maxBatchPercent: 50 }, 2],
  ])('has steps: %o', (declared, steps) => {
    expect(rolloutSteps(rollout.parse(declared))).toBe(steps);
  });
});

describe('every limit', () => {
  it.each(Object.entries(AWS_LIMITS))('says where it comes from: %s', (_, { value, source }) => {
    expect(value).toBeGreaterThan(0);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });
});
