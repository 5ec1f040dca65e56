import { type Capacity, offerCapacity } from '../../core/plugin/capacity.ts';
import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import { dimensionsOf } from './metrics.ts';
import type { Variant } from './variant.ts';

/** A variant as Application Auto Scaling sees it; it is told of invocations, because its metrics are about them. */
export interface VariantCapacity extends Capacity {
  /** @param inFlight how many invocations there are with this one */
  invoked(inFlight: number): void;
}

type Put = (name: string, value: number, timestamp: number) => void;

/** Offers a variant's instances, the copies of its component, or its provisioned concurrency where it is serverless and has any. */
export function offerVariantCapacity(
  cloud: LocalCloud,
  endpoint: string,
  variant: Variant,
): VariantCapacity | undefined {
  const { name, component, serverless } = variant.declared;
  const dimensions = dimensionsOf(endpoint, variant);
  const put: Put = (metric, value, timestamp) =>
    cloud.metrics.put({
      namespace: 'AWS/SageMaker',
      name: metric,
      dimensions,
      unit: 'None',
      value,
      timestamp,
    });
  const now = () => cloud.clock.now();
  if (component !== undefined) {
    const copies = new InstanceCapacity(variant, 'InvocationsPerCopy', put);
    offerCapacity(
      cloud.services,
      'sagemaker:inference-component:DesiredCopyCount',
      `inference-component/${component}`,
      copies,
    );
    return copies;
  }
  const resourceId = `endpoint/${endpoint}/variant/${name}`;
  if (serverless === undefined) {
    const instances = new InstanceCapacity(variant, 'InvocationsPerInstance', put);
    offerCapacity(cloud.services, 'sagemaker:variant:DesiredInstanceCount', resourceId, instances);
    return instances;
  }
  if (serverless.provisionedConcurrency === 0) return undefined;
  const provisioned = new ProvisionedCapacity(serverless.provisionedConcurrency, put, now);
  offerCapacity(cloud.services, 'sagemaker:variant:DesiredProvisionedConcurrency', resourceId, provisioned);
  return provisioned;
}

class InstanceCapacity implements VariantCapacity {
  readonly #variant: Variant;
  readonly #metric: string;
  readonly #put: Put;
  #invocations = 0;

  constructor(variant: Variant, metric: string, put: Put) {
    this.#variant = variant;
    this.#metric = metric;
    this.#put = put;
  }

  get current(): number {
    return this.#variant.instanceCount;
  }

  change(to: number): void {
    this.#variant.resize(to);
  }

  invoked(): void {
    this.#invocations += 1;
  }

  /** SageMaker reports zeros without traffic, and so takes instances and copies away; of none there is nothing to report. */
  endMinute(minute: number): void {
    if (this.#invocations === 0 && this.current > 0) this.#put(this.#metric, 0, minute);
    this.#invocations = 0;
  }
}

/** One process answers whatever is provisioned: how much that is shows in the metric, and costs on AWS. */
class ProvisionedCapacity implements VariantCapacity {
  readonly #put: Put;
  readonly #now: () => number;
  #provisioned: number;

  constructor(provisioned: number, put: Put, now: () => number) {
    this.#provisioned = provisioned;
    this.#put = put;
    this.#now = now;
  }

  get current(): number {
    return this.#provisioned;
  }

  change(to: number): void {
    this.#provisioned = to;
  }

  invoked(inFlight: number): void {
    const inUse = Math.min(inFlight, this.#provisioned);
    this.#put('ServerlessProvisionedConcurrencyUtilization', inUse / this.#provisioned, this.#now());
  }
}
