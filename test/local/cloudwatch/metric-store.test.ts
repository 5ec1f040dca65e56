import { describe, expect, it } from 'vitest';
import { MemoryMetricStore, MINUTE_MS } from '../../../local/cloudwatch/metric-store.ts';
import type { Datum } from '../../../local/core/plugin/metrics.ts';

const NOON = Date.parse('2026-05-04T12:00:00Z');
const ERRORS = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: {} };

const datum = (value: number, dimensions: Record<string, string> = {}, timestamp = NOON): Datum => ({
  ...ERRORS,
  dimensions,
  unit: 'Count',
  value,
  timestamp,
});

describe('MemoryMetricStore', () => {
  it('keeps a metric apart by its exact dimensions, in whatever order they come', () => {
    const store = new MemoryMetricStore();
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
    const store = new MemoryMetricStore();
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
    const store = new MemoryMetricStore();
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
    const store = new MemoryMetricStore();
    const DAY_MS = 24 * 60 * MINUTE_MS;
    for (const day of [0, 1, 2, 3, 4]) store.put(datum(1, {}, NOON + day * DAY_MS));
    store.put(datum(1, {}, NOON));
    const days = [0, 1, 2, 3, 4].map(
      (day) => store.read(ERRORS, NOON + day * DAY_MS, NOON + day * DAY_MS + MINUTE_MS)?.sum,
    );

    expect(days).toEqual([undefined, undefined, 1, 1, 1]);
    expect(store.list()[0]).toMatchObject({ count: 6, sum: 6 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e300, 2 ** 361])(
    'refuses %d, as CloudWatch does',
    (value) => {
      const store = new MemoryMetricStore();

      expect(store.put(datum(value))).toBe(false);
      expect(store.list()).toEqual([]);
      expect(store.put(datum(2 ** 360))).toBe(true);
    },
  );
});
