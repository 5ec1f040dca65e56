import { describe, expect, it } from 'vitest';
import { MemoryMetricStore } from '../../../local/cloudwatch/metric-store.ts';
import type { Datum } from '../../../local/core/plugin/metrics.ts';

describe('MemoryMetricStore', () => {
  const datum = (value: number, dimensions: Record<string, string>): Datum => ({
    namespace: 'AWS/Lambda',
    name: 'Errors',
    dimensions,
    unit: 'Count',
    value,
    timestamp: 1,
  });

  it('keeps a metric apart by its exact dimensions, in whatever order they come', () => {
    const store = new MemoryMetricStore();
    store.put(datum(1, { FunctionName: 'a', Resource: 'a:live' }));
    store.put(datum(2, { Resource: 'a:live', FunctionName: 'a' }));
    store.put(datum(4, { FunctionName: 'a' }));

    const both = store.read('AWS/Lambda', 'Errors', { FunctionName: 'a', Resource: 'a:live' });

    expect(both.map((one) => one.value)).toEqual([1, 2]);
    expect(store.read('AWS/Lambda', 'Errors', {})).toEqual([]);
    expect(store.list().map(({ count, sum }) => ({ count, sum }))).toEqual([
      { count: 2, sum: 3 },
      { count: 1, sum: 4 },
    ]);
  });

  it('forgets the oldest values of a busy metric, but not that they were', () => {
    const store = new MemoryMetricStore();
    for (let value = 1; value <= 20_000; value++) store.put(datum(value, {}));

    const kept = store.read('AWS/Lambda', 'Errors', {});

    expect(kept.at(0)?.value).toBe(10_001);
    expect(kept.at(-1)?.value).toBe(20_000);
    expect(store.list()[0]?.count).toBe(20_000);
  });
});
