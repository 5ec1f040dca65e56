import type { MetricStore } from '../core/plugin/metrics.ts';
import type { MinuteMetric } from './policy.ts';

const MINUTE_MS = 60_000;

/** A metric's value in the minute that begins at a time; undefined where nothing was measured. */
export function minuteValue(metrics: MetricStore, metric: MinuteMetric, minute: number): number | undefined {
  const data = metrics.read(metric.namespace, metric.name, metric.dimensions);
  const values: number[] = [];
  // From the newest back: a store may hold hours, and the minute is the last one. Services put data in almost in order.
  for (let index = data.length - 1; index >= 0; index -= 1) {
    const datum = data[index];
    if (datum === undefined || datum.timestamp < minute - MINUTE_MS) break;
    if (datum.timestamp >= minute && datum.timestamp < minute + MINUTE_MS) values.push(datum.value);
  }
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (metric.statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value));
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value));
  }
}
