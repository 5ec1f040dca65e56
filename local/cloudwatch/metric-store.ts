import type { Datum, MetricStore, MetricSummary } from '../core/plugin/metrics.ts';

/** How many values of one metric are kept; older ones only count towards its summary. */
const KEPT_PER_METRIC = 10_000;

interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  data: Datum[];
  count: number;
  sum: number;
}

/** Metrics in memory: they start empty with every start of the local cloud. */
export class MemoryMetricStore implements MetricStore {
  readonly #series = new Map<string, Series>();

  put(datum: Datum): void {
    const { namespace, name, dimensions } = datum;
    const key = keyOf(namespace, name, dimensions);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { namespace, name, dimensions, data: [], count: 0, sum: 0 };
      this.#series.set(key, series);
    }
    series.data.push(datum);
    series.count += 1;
    series.sum += datum.value;
    // Cut in halves, so that a busy metric does not move its whole array at every value.
    if (series.data.length >= 2 * KEPT_PER_METRIC) series.data = series.data.slice(-KEPT_PER_METRIC);
  }

  read(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): readonly Datum[] {
    return this.#series.get(keyOf(namespace, name, dimensions))?.data ?? [];
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
}

function keyOf(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
