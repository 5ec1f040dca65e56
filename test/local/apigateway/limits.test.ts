import { describe, expect, test } from 'vitest';
import { QuotaCounter } from '../../../local/apigateway/quota.ts';
import { TokenBucket } from '../../../local/apigateway/token-bucket.ts';

describe('TokenBucket', () => {
  test('lets a burst through and refills at the rate', () => {
    const bucket = new TokenBucket({ rateLimit: 2, burstLimit: 3 }, 0);

    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
    expect([499, 500, 999, 1000].map((now) => bucket.take(now))).toEqual([false, true, false, true]);
  });

  test('never holds more than its burst', () => {
    const bucket = new TokenBucket({ rateLimit: 100, burstLimit: 2 }, 0);

    expect([60_000, 60_000, 60_000].map((now) => bucket.take(now))).toEqual([true, true, false]);
  });

  test('takes a missing limit for none', () => {
    const bucket = new TokenBucket({ rateLimit: Number.POSITIVE_INFINITY, burstLimit: 1 }, 0);

    expect([0, 0, 1].map((now) => bucket.take(now))).toEqual([true, false, true]);
  });
});

describe('QuotaCounter', () => {
  // A Saturday evening, the last day of a month.
  const start = Date.UTC(2026, 0, 31, 23, 59);
  const nextDay = start + 120_000;

  test.each(['DAY', 'WEEK', 'MONTH'] as const)(
    'a quota per %s is used up, and new in the next period',
    (period) => {
      const quotas = new QuotaCounter();
      const use = (now: number) => quotas.use('key', { limit: 2, period }, now);

      expect([use(start), use(start), use(start)]).toEqual([true, true, false]);
      expect(use(nextDay)).toBe(true);
    },
  );

  test('a week lasts until Sunday, a month until the first', () => {
    const quotas = new QuotaCounter();
    const friday = Date.UTC(2026, 0, 30, 1);
    const use = (period: 'WEEK' | 'MONTH', now: number) => quotas.use(period, { limit: 1, period }, now);

    expect([use('WEEK', friday), use('WEEK', start), use('WEEK', nextDay)]).toEqual([true, false, true]);
    expect([use('MONTH', friday), use('MONTH', start), use('MONTH', nextDay)]).toEqual([true, false, true]);
  });

  test('keys do not share', () => {
    const quotas = new QuotaCounter();
    const quota = { limit: 1, period: 'DAY' } as const;

    expect([quotas.use('a', quota, start), quotas.use('b', quota, start)]).toEqual([true, true]);
  });
});
