import { datadogTags } from './datadog-spelling.ts';
import type { MetricSource, Signal } from './signal.ts';

export interface EndpointSignalOptions {
  readonly endpointName: string;
  readonly variantName: string;
  /** The inference component that the endpoint's metrics are about. @default - they are about the variant */
  readonly componentName?: string | undefined;
}

/** The share of requests, 0 to 1, that the model answers with a 5xx. Endpoints of every kind publish it. */
export function endpointServerErrorShare(options: EndpointSignalOptions): Signal {
  return share(options, 'Invocation5XXErrors', 'aws.sagemaker.invocation_5xx_errors');
}

/** The share of requests, 0 to 1, that the model answers with a 4xx. */
export function endpointClientErrorShare(options: EndpointSignalOptions): Signal {
  return share(options, 'Invocation4XXErrors', 'aws.sagemaker.invocation_4xx_errors');
}

/** The time in microseconds within which the model alone answers 95 % of the requests. */
export function modelLatencyP95(options: EndpointSignalOptions): Signal {
  const metric = source(options, 'ModelLatency');
  return {
    metrics: [metric],
    statistic: 'p95',
    periodSeconds: 60,
    datadog: {
      metrics: ['aws.sagemaker.model_latency'],
      over: 'avg',
      across: 'avg',
      tags: datadogTags(metric.dimensions),
      approximation:
        'the mean, because Datadog collects no percentiles of this metric: above the objective it is a late but certain sign',
    },
  };
}

/**
 * Both metrics are 0 or 1 for each request, so that their average is the share (SageMaker metrics in CloudWatch). Datadog
 * collects this very average under the metric's plain name, and the count with the suffix `.sum`. It is not divided by
 * `Invocations`, which asynchronous endpoints do not publish.
 */
function share(options: EndpointSignalOptions, name: string, inDatadog: string): Signal {
  const metric = source(options, name);
  return {
    metrics: [metric],
    statistic: 'Average',
    periodSeconds: 60,
    datadog: { metrics: [inDatadog], over: 'avg', across: 'avg', tags: datadogTags(metric.dimensions) },
  };
}

function source(options: EndpointSignalOptions, name: string): MetricSource {
  return { namespace: 'AWS/SageMaker', name, dimensions: dimensionsOf(options) };
}

/** SageMaker reports on a component by its name alone (SageMaker metrics in CloudWatch, dimensions). */
function dimensionsOf({
  endpointName,
  variantName,
  componentName,
}: EndpointSignalOptions): Record<string, string> {
  return componentName === undefined
    ? { EndpointName: endpointName, VariantName: variantName }
    : { InferenceComponentName: componentName };
}
