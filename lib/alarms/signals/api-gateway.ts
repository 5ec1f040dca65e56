import { datadogTags } from './datadog-spelling.ts';
import type { MetricSource, Signal } from './signal.ts';

export interface StageSignalOptions {
  readonly apiName: string;
  readonly stageName: string;
}

/** The share of requests, 0 to 1, that end in a 5xx. */
export function stageServerErrorShare(options: StageSignalOptions): Signal {
  const metric = source(options, '5XXError');
  return {
    metrics: [metric],
    // The average of this metric is the share: its denominator is the metric Count (API Gateway metrics and dimensions).
    statistic: 'Average',
    periodSeconds: 300,
    datadog: {
      metrics: ['aws.apigateway.5xxerror'],
      dividedBy: 'aws.apigateway.count',
      over: 'sum',
      across: 'sum',
      tags: datadogTags(metric.dimensions),
    },
  };
}

/** The time in milliseconds that 95 % of the answers take at most. */
export function stageLatencyP95(options: StageSignalOptions): Signal {
  const metric = source(options, 'Latency');
  return {
    metrics: [metric],
    statistic: 'p95',
    periodSeconds: 300,
    datadog: {
      metrics: ['aws.apigateway.latency.p95'],
      over: 'avg',
      across: 'max',
      tags: datadogTags(metric.dimensions),
      approximation:
        'the mean of the percentiles that were collected in a period, not the percentile of the period',
    },
  };
}

function source({ apiName, stageName }: StageSignalOptions, name: string): MetricSource {
  return { namespace: 'AWS/ApiGateway', name, dimensions: { ApiName: apiName, Stage: stageName } };
}
