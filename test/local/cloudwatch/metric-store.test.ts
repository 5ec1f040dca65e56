import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryMetricStore, MINUTE_MS } from '../../../local/cloudwatch/metric-store.ts';
import type { Datum } from '../../../local/core/plugin/metrics.ts';

const NOON = Date.parse('2026-05-04T12:00:00Z');
const ERRORS = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {} };

let now = NOON;
const clock = { now: () => now };
beforeEach(() => {
  now = NOON;
});

const datum = (value: number, dimensions: Record<string, string> = {}, timestamp = NOON): Datum => ({
  ...ERRORS,
  dimensions,
  unit: 'Count',
  value,
  timestamp,
});

describe('MemoryMetricStore', () => {
  it('keeps a metric apart by its exact dimensions, in whatever order they come', () => {
    const store = new MemoryMetricStore(clock);
    store.put(datum(1, { FunctionName: 'a', Resource: 'a:live' }));
    store.put(datum(2, { Resource: 'a:live', FunctionName: 'a' }));
    store.put(datum(4, { FunctionName: 'a' }));
    const of = (dimensions: Record<string, string>) =>
      store.read({ ...ERRORS, dimensions }, NOON, NOON + MINUTE_MS)?.sum;

    expect(of({ FunctionName: 'a', Resource: 'a:live' })).toBe(3);
    expect(of({ FunctionName: 'a' })).toBe(4);
    expect(of({})).toBeUndefined();
    expect(store.list().map(({ count, sum }) => ({ count, sum }))).toEqual([
      { count: 2, sum: 3 },
      { count: 1, sum: 4 },
    ]);
  });

  it('answers for the minutes that were asked for, of values in any order', () => {
    const store = new MemoryMetricStore(clock);
    const at = (minute: number, value: number) =>
      store.put(datum(value, {}, NOON + minute * MINUTE_MS + 59_999));
    at(2, 5);
    at(0, 1);
    at(1, 3);
    at(1, 4);
    const sum = (from: number, to: number) =>
      store.read(ERRORS, NOON + from * MINUTE_MS, NOON + to * MINUTE_MS)?.sum;

    expect([sum(0, 1), sum(1, 2), sum(0, 2), sum(0, 5), sum(3, 9)]).toEqual([1, 7, 8, 13, undefined]);
    expect(store.read(ERRORS, NOON, NOON + 3 * MINUTE_MS)).toMatchObject({
      sampleCount: 4,
      minimum: 1,
      maximum: 5,
    });
  });

  it('still has the minute of an hour ago when 1,000,000 values have come since', () => {
    const store = new MemoryMetricStore(clock);
    for (let index = 0; index < 1_000_000; index += 1) {
      store.put(datum(index % 100, {}, NOON + Math.floor((index * 60 * MINUTE_MS) / 1_000_000)));
    }
    const first = store.read(ERRORS, NOON, NOON + MINUTE_MS);
    const hour = store.read(ERRORS, NOON, NOON + 60 * MINUTE_MS);

    expect(first?.sampleCount).toBeGreaterThan(16_000);
    expect(first?.percentile(95)).toBe(94);
    expect(hour).toMatchObject({ sampleCount: 1_000_000, sum: 49_500_000, minimum: 0, maximum: 99 });
    expect([50, 90, 99].map((percent) => hour?.percentile(percent))).toEqual([49, 89, 98]);
  });

  it('forgets minutes that no alarm looks back to, but not that there were values', () => {
    const store = new MemoryMetricStore(clock);
    const DAY_MS = 24 * 60 * MINUTE_MS;
    for (const day of [0, 1, 2, 3, 4]) {
      now = NOON + day * DAY_MS;
      store.put(datum(1, {}, now));
    }
    store.put(datum(1, {}, NOON));
    const days = [0, 1, 2, 3, 4].map(
      (day) => store.read(ERRORS, NOON + day * DAY_MS, NOON + day * DAY_MS + MINUTE_MS)?.sum,
    );

    expect(days).toEqual([undefined, undefined, 1, 1, 1]);
    expect(store.list()[0]).toMatchObject({ count: 6, sum: 6 });
  });

  const HOUR_MS = 60 * MINUTE_MS;

  it.each([
    ['more than two weeks ago', NOON - 14 * 24 * HOUR_MS - 1],
    ['more than two hours ahead', NOON + 2 * HOUR_MS + 1],
    ['in microseconds', NOON * 1000],
    ['in seconds', NOON / 1000],
    ['beyond all numbers', Number.POSITIVE_INFINITY],
  ])('refuses a time %s, as CloudWatch does', (_, timestamp) => {
    const store = new MemoryMetricStore(clock);

    expect(store.put(datum(1, {}, timestamp))).toBe(false);
    expect(store.list()).toEqual([]);
  });

  it('has the values of now whatever times others were sent with, in whatever order', () => {
    const times = fc.array(
      fc.oneof(fc.double(), fc.integer({ min: NOON - 4 * HOUR_MS, max: NOON + 4 * HOUR_MS })),
    );
    fc.assert(
      fc.property(times, times, (before, after) => {
        const store = new MemoryMetricStore(clock);
        for (const timestamp of before) store.put(datum(1, {}, timestamp));
        const earlier = store.read(ERRORS, NOON, NOON + MINUTE_MS)?.sampleCount ?? 0;
        expect(store.put(datum(1))).toBe(true);
        for (const timestamp of after) store.put(datum(1, {}, timestamp));

        expect(store.read(ERRORS, NOON, NOON + MINUTE_MS)?.sampleCount).toBeGreaterThan(earlier);
      }),
    );
  });

  it('takes what is sent two hours ahead, and still has the minutes before', () => {
    const store = new MemoryMetricStore(clock);
    store.put(datum(1));
    expect(store.put(datum(1, {}, NOON + 2 * HOUR_MS))).toBe(true);

    expect(store.read(ERRORS, NOON, NOON + MINUTE_MS)?.sum).toBe(1);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e300, 2 ** 361])(
    'refuses %d, as CloudWatch does',
    (value) => {
      const store = new MemoryMetricStore(clock);

      expect(store.put(datum(value))).toBe(false);
      expect(store.list()).toEqual([]);
      expect(store.put(datum(2 ** 360))).toBe(true);
    },
  );
});
