import type { MetricStore } from '../core/plugin/metrics.ts';
import { methodSetting } from './definition.ts';
import type { Exchange } from './exchange.ts';

const NAMESPACE = 'AWS/ApiGateway';

/**
 * The metrics that API Gateway publishes for every request to a stage
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html).
 */
export function recordMetrics(metrics: MetricStore, exchange: Exchange, timestamp: number): void {
  const { stage, match, reply, integration, latencyMs } = exchange;
  const status = reply?.status ?? 0;
  const ofStage = { ApiName: stage.api.name, Stage: stage.name };
  const dimensionSets: Readonly<Record<string, string>>[] = [{ ApiName: stage.api.name }, ofStage];
  if (match !== undefined && methodSetting(stage, match.method, 'metrics') === true) {
    dimensionSets.push({ ...ofStage, Resource: match.method.resourcePath, Method: match.method.httpMethod });
  }
  const values: [name: string, unit: string, value: number | undefined][] = [
    ['Count', 'Count', 1],
    ['4XXError', 'Count', status >= 400 && status < 500 ? 1 : 0],
    ['5XXError', 'Count', status >= 500 ? 1 : 0],
    ['Latency', 'Milliseconds', latencyMs],
    ['IntegrationLatency', 'Milliseconds', integration?.latencyMs],
  ];
  for (const [name, unit, value] of values) {
    if (value === undefined) continue;
    for (const dimensions of dimensionSets) {
      metrics.put({ namespace: NAMESPACE, name, unit, value, dimensions, timestamp });
    }
  }
}
