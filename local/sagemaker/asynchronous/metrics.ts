import type { LocalCloud } from '../../core/plugin/local-cloud.ts';

/** What an endpoint's queue looks like at one moment. */
export interface BacklogState {
  /** Requests that wait or are worked on. */
  readonly size: number;
  readonly instances: number;
  readonly oldestAgeSeconds: number;
}

/** What an asynchronous endpoint tells CloudWatch (SageMaker developer guide, "Monitor asynchronous endpoint"). */
export class AsynchronousMetrics {
  readonly #cloud: LocalCloud;
  readonly #endpoint: string;
  readonly #variant: string;

  constructor(cloud: LocalCloud, endpoint: string, variant: string) {
    this.#cloud = cloud;
    this.#endpoint = endpoint;
    this.#variant = variant;
  }

  /**
   * By endpoint alone: the backlog is not a variant's. By instance it is published only where there is one.
   * @param at when that was, in milliseconds since the epoch
   */
  backlog({ size, instances, oldestAgeSeconds }: BacklogState, at: number): void {
    const dimensions = { EndpointName: this.#endpoint };
    this.#put(dimensions, 'ApproximateBacklogSize', size, 'Count', at);
    if (instances > 0)
      this.#put(dimensions, 'ApproximateBacklogSizePerInstance', size / instances, 'Count', at);
    this.#put(dimensions, 'HasBacklogWithoutCapacity', size > 0 && instances === 0 ? 1 : 0, 'Count', at);
    this.#put(dimensions, 'ApproximateAgeOfOldestRequest', oldestAgeSeconds, 'Seconds', at);
  }

  count(name: string): void {
    this.#put(this.#ofVariant(), name, 1);
  }

  /** @param modelStatus the container's status: 0 where it did not answer */
  answered(modelStatus: number, modelLatencyMs: number): void {
    const dimensions = this.#ofVariant();
    this.#put(dimensions, 'Invocation4XXErrors', modelStatus >= 400 && modelStatus < 500 ? 1 : 0, 'None');
    this.#put(dimensions, 'Invocation5XXErrors', modelStatus >= 500 || modelStatus === 0 ? 1 : 0, 'None');
    this.#put(dimensions, 'ModelLatency', modelLatencyMs * 1000, 'Microseconds');
  }

  waited(ms: number): void {
    this.#put(this.#ofVariant(), 'TimeInBacklog', ms * 1000, 'Microseconds');
  }

  processed(totalMs: number): void {
    this.count('InvocationsProcessed');
    this.#put(this.#ofVariant(), 'TotalProcessingTime', totalMs, 'Milliseconds');
  }

  #ofVariant(): Record<string, string> {
    return { EndpointName: this.#endpoint, VariantName: this.#variant };
  }

  #put(
    dimensions: Record<string, string>,
    name: string,
    value: number,
    unit = 'Count',
    timestamp = this.#cloud.clock.now(),
  ): void {
    this.#cloud.metrics.put({ namespace: 'AWS/SageMaker', name, dimensions, unit, value, timestamp });
  }
}
