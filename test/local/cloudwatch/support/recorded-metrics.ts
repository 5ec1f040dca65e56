import { isDeepStrictEqual } from 'node:util';
import type { Datum, MetricId, MetricStore } from '../../../../local/core/plugin/metrics.ts';

/** A metric store that also keeps everything that is put into it, in order, for tests that ask for single values. */
export class RecordedMetrics implements MetricStore {
  readonly data: Datum[] = [];
  readonly #store: MetricStore;

  constructor(store: MetricStore) {
    this.#store = store;
  }

  put(datum: Datum) {
    this.data.push(datum);
    return this.#store.put(datum);
  }

  list() {
    return this.#store.list();
  }

  read(metric: MetricId, from: number, to: number) {
    return this.#store.read(metric, from, to);
  }

  /** Every datum of one metric whose dimensions are exactly those given. */
  of(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): readonly Datum[] {
    return this.data.filter(
      (datum) =>
        datum.namespace === namespace &&
        datum.name === name &&
        isDeepStrictEqual(datum.dimensions, dimensions),
    );
  }
}
