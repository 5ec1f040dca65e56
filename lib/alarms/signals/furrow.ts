import { METRICS_NAMESPACE, type MetricName } from '../../../contract/observability/metrics.ts';
import { datadogMetric, datadogTags } from './datadog-spelling.ts';
import type { Signal } from './signal.ts';

export interface CountSignalOptions {
  readonly environment: string;
  readonly model: string;
  /** The variant that is counted by itself. @default - all of them */
  readonly variant?: string | undefined;
}

/** A count that the handlers keep. */
export function counted(name: MetricName, { environment, model, variant }: CountSignalOptions): Signal {
  const dimensions = { environment, service: model, ...(variant === undefined ? {} : { variant }) };
  return {
    metrics: [{ namespace: METRICS_NAMESPACE, name, dimensions }],
    statistic: 'Sum',
    periodSeconds: 300,
    datadog: {
      metrics: [`${METRICS_NAMESPACE.toLowerCase()}.${datadogMetric(name)}`],
      over: 'sum',
      across: 'sum',
      tags: datadogTags(dimensions),
    },
  };
}
