import type { MetricStore } from '../core/plugin/metrics.ts';
import type { FunctionReference } from './arn.ts';

const NAMESPACE = 'AWS/Lambda';

/**
 * The metrics that Lambda publishes for every invocation
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html): for the function, and for the
 * alias, version or unqualified name it was invoked by.
 */
export class InvocationMetrics {
  readonly #metrics: MetricStore;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(metrics: MetricStore, now: () => number) {
    this.#metrics = metrics;
    this.#now = now;
  }

  /** An invocation that ran, to whatever end. */
  invoked(target: FunctionReference, durationMs: number, failed: boolean): void {
    this.#put(target, 'Invocations', 'Count', 1);
    this.#put(target, 'Errors', 'Count', failed ? 1 : 0);
    this.#put(target, 'Throttles', 'Count', 0);
    this.#put(target, 'Duration', 'Milliseconds', durationMs);
  }

  /** An invocation that was refused; it counts as neither an invocation nor an error. */
  throttled(target: FunctionReference): void {
    this.#put(target, 'Throttles', 'Count', 1);
  }

  /** The share of an alias's provisioned concurrency in use, from 0 to 1, when an invocation of it begins. */
  provisioned({ name, qualifier }: FunctionReference, share: number): void {
    this.#metrics.put({
      namespace: NAMESPACE,
      name: 'ProvisionedConcurrencyUtilization',
      unit: 'None',
      value: share,
      dimensions: { FunctionName: name, Resource: `${name}:${qualifier}` },
      timestamp: this.#now(),
    });
  }

  #put(target: FunctionReference, name: string, unit: string, value: number): void {
    const resource = target.qualifier === undefined ? target.name : `${target.name}:${target.qualifier}`;
    for (const dimensions of [
      { FunctionName: target.name },
      { FunctionName: target.name, Resource: resource },
    ]) {
      this.#metrics.put({ namespace: NAMESPACE, name, unit, value, dimensions, timestamp: this.#now() });
    }
  }
}
