import { describe, expect, it } from 'vitest';
import { alarmCatalogue } from '../../../../lib/alarms/catalogue/alarm-catalogue.ts';
import {
  ALARM_KINDS,
  ASYNCHRONOUS_ALARM_KINDS,
  BATCH_ALARM_KINDS,
  CALLBACK_ALARM_KINDS,
} from '../../../../lib/alarms/catalogue/alarm-declaration.ts';
import { errorShare } from '../../../../lib/alarms/catalogue/api-alarms.ts';

const catalogue = alarmCatalogue({
  environment: 'dev',
  model: 'learned-yield',
  objectives: { availabilityPercent: 99.5, latencyP95Ms: 800 },
  apiName: 'furrow-dev-learned-yield',
  stageName: 'learned-yield',
  functions: [
    { name: 'predict', functionName: 'predict-1' },
    { name: 'drain', functionName: 'drain-1' },
  ],
  tableName: 'table-1',
  deadLetterQueueName: 'dead-1',
  endpoint: { endpointName: 'furrow-dev-learned-yield-serverless', variantName: 'champion' },
});

function alarm(id: string) {
  const found = catalogue.find((declaration) => declaration.id === id);
  if (found === undefined) throw new Error(`there is no alarm ${id}`);
  return found;
}

describe('the alarm catalogue', () => {
  it('has every kind of alarm, and each id once', () => {
    const others: readonly string[] = [
      ...ASYNCHRONOUS_ALARM_KINDS,
      ...CALLBACK_ALARM_KINDS,
      ...BATCH_ALARM_KINDS,
    ];
    expect(new Set(catalogue.map(({ kind }) => kind))).toEqual(
      new Set(ALARM_KINDS.filter((kind) => !others.includes(kind))),
    );
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  });

  it('has errors and throttles of every function', () => {
    expect(catalogue.map(({ id }) => id).filter((id) => id.startsWith('function-'))).toEqual([
      'function-errors-predict',
      'function-throttles-predict',
      'function-errors-drain',
      'function-throttles-drain',
    ]);
  });

  it.each([
    ['api-5xx-rate', 0.05, 'AWS/ApiGateway', '5XXError', 'Average'],
    ['api-latency-p95', 800, 'AWS/ApiGateway', 'Latency', 'p95'],
    ['function-errors-predict', 0, 'AWS/Lambda', 'Errors', 'Sum'],
    ['function-throttles-predict', 0, 'AWS/Lambda', 'Throttles', 'Sum'],
    ['endpoint-5xx-errors', 0.05, 'AWS/SageMaker', 'Invocation5XXErrors', 'Average'],
    ['endpoint-4xx-errors', 0.05, 'AWS/SageMaker', 'Invocation4XXErrors', 'Average'],
    ['endpoint-latency', 800_000, 'AWS/SageMaker', 'ModelLatency', 'p95'],
    ['table-errors', 0, 'Furrow', 'TableErrors', 'Sum'],
    ['table-system-errors', 0, 'AWS/DynamoDB', 'SystemErrors', 'Sum'],
    ['capture-deferred', 0, 'Furrow', 'CaptureDeferred', 'Sum'],
    ['capture-lost', 0, 'Furrow', 'CaptureLost', 'Sum'],
    ['capture-dlq-not-empty', 0, 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
  ])('%s fires above %d of %s %s', (id, threshold, namespace, name, statistic) => {
    const { signal, threshold: actual } = alarm(id);

    expect(actual).toBe(threshold);
    expect(signal.statistic).toBe(statistic);
    expect(new Set(signal.metrics.map((metric) => `${metric.namespace} ${metric.name}`))).toEqual(
      new Set([`${namespace} ${name}`]),
    );
  });

  it.each([
    ['api-5xx-rate', { ApiName: 'furrow-dev-learned-yield', Stage: 'learned-yield' }],
    ['function-errors-predict', { FunctionName: 'predict-1' }],
    ['endpoint-latency', { EndpointName: 'furrow-dev-learned-yield-serverless', VariantName: 'champion' }],
    ['table-errors', { environment: 'dev', service: 'learned-yield' }],
    ['capture-dlq-not-empty', { QueueName: 'dead-1' }],
  ])('%s looks at the dimensions that AWS publishes', (id, dimensions) => {
    expect(alarm(id).signal.metrics.map((metric) => metric.dimensions)).toEqual([dimensions]);
  });

  it('adds up the system errors of every operation, because DynamoDB counts them apart', () => {
    expect(alarm('table-system-errors').signal.metrics.map(({ dimensions }) => dimensions)).toEqual(
      ['BatchWriteItem', 'Query', 'GetItem', 'PutItem'].map((Operation) => ({
        TableName: 'table-1',
        Operation,
      })),
    );
  });

  it('wakes somebody only when clients get errors or predictions are lost', () => {
    expect(catalogue.filter(({ severity }) => severity === 'page').map(({ id }) => id)).toEqual([
      'api-5xx-rate',
      'capture-lost',
    ]);
  });

  it('has no alarm of an endpoint where there is none', () => {
    const kinds = alarmCatalogue({
      environment: 'dev',
      model: 'doubled-yield',
      objectives: { availabilityPercent: 99.9, latencyP95Ms: 300 },
      apiName: 'a',
      stageName: 's',
      functions: [],
      tableName: 't',
      deadLetterQueueName: 'q',
    }).map(({ kind }) => kind);

    expect(kinds.filter((kind) => kind.startsWith('endpoint'))).toEqual([]);
  });
});

describe('the share of failing requests', () => {
  it.each([
    [99.5, 1, 0.005],
    [99.9, 10, 0.01],
    [99.99, 10, 0.001],
    [50, 10, 1],
  ])('at an availability of %d %% and a burn rate of %d is %d', (availabilityPercent, burnRate, share) => {
    expect(errorShare({ availabilityPercent, latencyP95Ms: 100 }, burnRate)).toBe(share);
  });
});
