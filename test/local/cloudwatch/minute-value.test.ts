import { describe, expect, it } from 'vitest';
import { MemoryMetricStore } from '../../../local/cloudwatch/metric-store.ts';
import { minuteValue, STATISTICS } from '../../../local/cloudwatch/minute-value.ts';

describe('minuteValue', () => {
  it('is the statistic that is asked for, of the values of that minute', () => {
    const store = new MemoryMetricStore({ now: () => 120_000 });
    const metric = { namespace: 'Furrow', name: 'Latency', dimensions: { model: 'constructor' } };
    for (const [value, timestamp] of [
      [100, 59_999],
      [1, 60_000],
      [2, 90_000],
      [6, 119_999],
      [100, 120_000],
    ] as const)
      store.put({ ...metric, unit: 'None', value, timestamp });
    const of = (statistic: (typeof STATISTICS)[number]) =>
      minuteValue(store, { ...metric, statistic }, 60_000);

    expect(Object.fromEntries(STATISTICS.map((statistic) => [statistic, of(statistic)]))).toEqual({
      SampleCount: 3,
      Sum: 9,
      Average: 3,
      Minimum: 1,
      Maximum: 6,
    });
    expect(minuteValue(store, { ...metric, statistic: 'Sum' }, 180_000)).toBeUndefined();
  });
});
