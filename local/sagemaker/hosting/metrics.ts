import type { LocalCloud } from '../../core/plugin/local-cloud.ts';
import type { Variant } from './variant.ts';

/** How an invocation ended, as the metrics tell it. */
export interface Outcome {
  readonly variant: Variant;
  /** The container's status: 0 where it did not answer, undefined where it was never asked. */
  readonly modelStatus: number | undefined;
  readonly modelLatencyMs?: number;
  readonly setupMs?: number | undefined;
}

/** What the metrics of a variant are about: the component where it has one. */
export function dimensionsOf(endpoint: string, { declared }: Variant): Record<string, string> {
  return declared.component === undefined
    ? { EndpointName: endpoint, VariantName: declared.name }
    : { InferenceComponentName: declared.component };
}

/** Puts that a component was asked that has no copy: what wakes it. */
export function recordNoCapacity(cloud: LocalCloud, endpoint: string, variant: Variant): void {
  cloud.metrics.put({
    namespace: 'AWS/SageMaker',
    name: 'NoCapacityInvocationFailures',
    dimensions: dimensionsOf(endpoint, variant),
    unit: 'Count',
    value: 1,
    timestamp: cloud.clock.now(),
  });
}

/** Puts what SageMaker reports about an invocation into the `AWS/SageMaker` namespace. */
export function recordInvocation(
  cloud: LocalCloud,
  endpoint: string,
  outcome: Outcome,
  elapsedMs: number,
): void {
  const { variant, modelStatus, modelLatencyMs, setupMs } = outcome;
  const timestamp = cloud.clock.now();
  const { component, serverless } = variant.declared;
  const dimensions = dimensionsOf(endpoint, variant);
  const put = (name: string, value: number, unit = 'Count') =>
    cloud.metrics.put({ namespace: 'AWS/SageMaker', name, dimensions, unit, value, timestamp });
  put('Invocations', 1);
  if (component !== undefined) put('InvocationsPerCopy', 1 / variant.instanceCount);
  else if (serverless === undefined) put('InvocationsPerInstance', 1 / variant.instanceCount);
  if (modelStatus === undefined) return;
  const isClientError = modelStatus >= 400 && modelStatus < 500;
  const isServerError = modelStatus >= 500 || modelStatus === 0;
  put('Invocation4XXErrors', isClientError ? 1 : 0);
  put('Invocation5XXErrors', isServerError ? 1 : 0);
  put('InvocationModelErrors', isClientError || isServerError ? 1 : 0);
  if (setupMs !== undefined) put('ModelSetupTime', setupMs * 1000, 'Microseconds');
  if (modelLatencyMs === undefined) return;
  put('ModelLatency', modelLatencyMs * 1000, 'Microseconds');
  put('OverheadLatency', Math.max(0, elapsedMs - modelLatencyMs - (setupMs ?? 0)) * 1000, 'Microseconds');
}
