import type { MetricId, MetricStore, Statistics } from '../core/plugin/metrics.ts';
import { MINUTE_MS } from './metric-store.ts';

/** The statistics by CloudWatch's names; a percentile has a name for each percentage. */
const READERS = {
  SampleCount: (values: Statistics) => values.sampleCount,
  Sum: (values: Statistics) => values.sum,
  Average: (values: Statistics) => values.average,
  Minimum: (values: Statistics) => values.minimum,
  Maximum: (values: Statistics) => values.maximum,
} as const;

export type Statistic = keyof typeof READERS;

export const STATISTICS = Object.keys(READERS) as readonly Statistic[];

/** One metric by one statistic. */
export interface MinuteMetric extends MetricId {
  readonly statistic: Statistic;
}

/** A metric's value in the minute that begins at a time; undefined where nothing was measured. */
export function minuteValue(metrics: MetricStore, metric: MinuteMetric, minute: number): number | undefined {
  const values = metrics.read(metric, minute, minute + MINUTE_MS);
  return values && READERS[metric.statistic](values);
}
