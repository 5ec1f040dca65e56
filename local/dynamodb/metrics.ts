import type { MetricStore } from '../core/plugin/metrics.ts';
import type { AwsResponse } from '../core/wire/aws-api.ts';

/** Refusals that CloudWatch counts apart from `UserErrors`. */
const THROTTLES = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];

/** Puts what DynamoDB reports about a request into the `AWS/DynamoDB` namespace. */
export function recordMetrics(
  metrics: MetricStore,
  request: { readonly operation: string; readonly tables: readonly string[] },
  response: AwsResponse,
  elapsedMs: number,
  timestamp: number,
): void {
  const put = (name: string, dimensions: Record<string, string>, value = 1, unit = 'Count') =>
    metrics.put({ namespace: 'AWS/DynamoDB', name, dimensions, unit, value, timestamp });
  const perTable = request.tables.map((table) => ({ TableName: table, Operation: request.operation }));
  const code = response.status < 400 ? undefined : errorCode(response);
  if (code === undefined) {
    for (const dimensions of perTable) put('SuccessfulRequestLatency', dimensions, elapsedMs, 'Milliseconds');
  } else if (response.status >= 500) {
    for (const dimensions of perTable) put('SystemErrors', dimensions);
  } else if (THROTTLES.includes(code)) {
    for (const dimensions of perTable) put('ThrottledRequests', dimensions);
  } else if (code === 'ConditionalCheckFailedException') {
    for (const table of request.tables) put('ConditionalCheckFailedRequests', { TableName: table });
  } else {
    put('UserErrors', {});
  }
}

function errorCode(response: AwsResponse): string {
  const match = /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(response.body.toString('utf8'));
  return match?.[1] ?? 'Unknown';
}
