import { datadogMetric, datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

// What only asynchronous endpoints publish (SageMaker, "Alarms and logs for tracking metrics from asynchronous endpoints").
// The backlog belongs to the endpoint, losses to a variant.

export interface BacklogSignalOptions {
  readonly endpointName: string;
}

export interface LossSignalOptions extends BacklogSignalOptions {
  readonly variantName: string;
}

/** How many seconds the request has waited that waits longest. */
export function oldestRequestAge(options: BacklogSignalOptions): Signal {
  return highest('ApproximateAgeOfOldestRequest', options);
}

/** How many requests wait or are being answered. */
export function backlogSize(options: BacklogSignalOptions): Signal {
  return highest('ApproximateBacklogSize', options);
}

/** Requests that were given up because they had waited as long as they may. */
export function expiredRequests(options: LossSignalOptions): Signal {
  return total('ExpiredRequests', options);
}

/** Answers and failures that could not be published to their topics. */
export function notificationFailures(options: LossSignalOptions): Signal {
  return total('NotificationFailures', options);
}

function highest(name: string, { endpointName }: BacklogSignalOptions): Signal {
  const dimensions = { EndpointName: endpointName };
  return {
    metrics: [{ namespace: 'AWS/SageMaker', name, dimensions }],
    statistic: 'Maximum',
    periodSeconds: 60,
    datadog: { metrics: [inDatadog(name)], over: 'max', across: 'max', tags: datadogTags(dimensions) },
  };
}

function total(name: string, { endpointName, variantName }: LossSignalOptions): Signal {
  const dimensions = { EndpointName: endpointName, VariantName: variantName };
  return {
    metrics: [{ namespace: 'AWS/SageMaker', name, dimensions }],
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: { metrics: [inDatadog(name)], over: 'sum', across: 'sum', tags: datadogTags(dimensions) },
  };
}

function inDatadog(name: string): string {
  return `aws.sagemaker.${datadogMetric(name)}`;
}
