import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../local/applicationautoscaling/schedule.ts';

const isDue = (expression: string, time: string, timeZone = 'UTC') =>
  parseSchedule(expression, timeZone)?.(Date.parse(time));

describe('a cron expression', () => {
  it.each([
    // 1 January 2026 is a Thursday.
    ['cron(0 7 ? * MON-FRI *)', '2026-01-01T07:00:00Z', true],
    ['cron(0 7 ? * MON-FRI *)', '2026-01-03T07:00:00Z', false],
    ['cron(0 7 ? * MON-FRI *)', '2026-01-01T07:01:00Z', false],
    ['cron(0 7 ? * FRI-MON *)', '2026-01-04T07:00:00Z', true],
    ['cron(0 7 ? * FRI-MON *)', '2026-01-06T07:00:00Z', false],
    ['cron(0 7 ? * 1 *)', '2026-01-04T07:00:00Z', true],
    ['cron(*/15 8-18 * * ? *)', '2026-01-01T18:45:00Z', true],
    ['cron(*/15 8-18 * * ? *)', '2026-01-01T18:50:00Z', false],
    ['cron(5/20 * * * ? *)', '2026-01-01T03:45:00Z', true],
    ['cron(0 0 1,15 JAN,7 ? 2026)', '2026-07-15T00:00:00Z', true],
    ['cron(0 0 1,15 JAN,7 ? 2026)', '2027-01-01T00:00:00Z', false],
  ])('%s at %s: %s', (expression, time, due) => {
    expect(isDue(expression, time)).toBe(due);
  });

  it('follows the clock of its place through the year', () => {
    const morning = 'cron(0 7 * * ? *)';
    expect(isDue(morning, '2026-01-15T06:00:00Z', 'Europe/Zurich')).toBe(true);
    expect(isDue(morning, '2026-07-15T05:00:00Z', 'Europe/Zurich')).toBe(true);
    expect(isDue(morning, '2026-07-15T06:00:00Z', 'Europe/Zurich')).toBe(false);
  });

  it.each([
    'rate(5 minutes)',
    'at(2026-01-01T00:00:00)',
    'cron(0 7 L * ? *)',
    'cron(61 * * * ? *)',
    'cron(0 7 ? * MON)',
    'cron(*/0 * * * ? *)',
  ])('is not read: %s', (expression) => {
    expect(parseSchedule(expression, 'UTC')).toBeUndefined();
  });
});
