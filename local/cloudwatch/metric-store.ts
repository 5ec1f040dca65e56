import type { Clock } from '../clock/clock.ts';
import type { Datum, MetricId, MetricStore, MetricSummary, Statistics } from '../core/plugin/metrics.ts';
import { Distribution } from './distribution.ts';

export const MINUTE_MS = 60_000;

/** What CloudWatch takes (API reference, PutMetricData: "Values must be in the range of -2^360 to 2^360"). */
const LARGEST_VALUE = 2 ** 360;

/** How far from now a value's time may lie (API reference, PutMetricData: two weeks back, two hours ahead). */
const OLDEST_MS = 14 * 24 * 60 * MINUTE_MS;
const NEWEST_MS = 2 * 60 * MINUTE_MS;

/** Three days: the longest window that an alarm on a rate of failures looks back over. CloudWatch keeps minutes for 15 days. */
const KEPT_MINUTES = 3 * 24 * 60;

interface Series extends MetricId {
  count: number;
  sum: number;
  /** By the number of the minute since the epoch. */
  readonly minutes: Map<number, Distribution>;
  newest: number;
}

/** Metrics in memory, minute by minute: they start empty with every start of the local cloud. */
export class MemoryMetricStore implements MetricStore {
  readonly #series = new Map<string, Series>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  put({ namespace, name, dimensions, value, timestamp }: Datum): boolean {
    const ahead = timestamp - this.#clock.now();
    if (!(Math.abs(value) <= LARGEST_VALUE && ahead >= -OLDEST_MS && ahead <= NEWEST_MS)) return false;
    const series = this.#seriesOf({ namespace, name, dimensions });
    series.count += 1;
    series.sum += value;
    const minute = Math.floor(timestamp / MINUTE_MS);
    if (minute > series.newest) forgetBefore(series, minute);
    if (minute <= series.newest - KEPT_MINUTES) return true;
    let distribution = series.minutes.get(minute);
    if (distribution === undefined) {
      distribution = new Distribution();
      series.minutes.set(minute, distribution);
    }
    distribution.add(value);
    return true;
  }

  read(metric: MetricId, from: number, to: number): Statistics | undefined {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (minutes === undefined) return undefined;
    const found: Distribution[] = [];
    for (let minute = Math.ceil(from / MINUTE_MS); minute * MINUTE_MS < to; minute += 1) {
      const distribution = minutes.get(minute);
      if (distribution !== undefined) found.push(distribution);
    }
    if (found.length <= 1) return found[0];
    const all = new Distribution();
    for (const one of found) all.merge(one);
    return all;
  }

  list(): readonly MetricSummary[] {
    return [...this.#series.values()].map(({ namespace, name, dimensions, count, sum }) => ({
      namespace,
      name,
      dimensions,
      count,
      sum,
    }));
  }

  #seriesOf(metric: MetricId): Series {
    const key = keyOf(metric);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { ...metric, count: 0, sum: 0, minutes: new Map(), newest: Number.NEGATIVE_INFINITY };
      this.#series.set(key, series);
    }
    return series;
  }
}

function forgetBefore(series: Series, newest: number): void {
  series.newest = newest;
  for (const minute of series.minutes.keys()) {
    if (minute <= newest - KEPT_MINUTES) series.minutes.delete(minute);
  }
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
