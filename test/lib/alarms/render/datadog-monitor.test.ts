import { Annotations, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { datadogMonitor } from '../../../../lib/alarms/render/datadog-monitor.ts';
import type { DatadogSeries, Signal } from '../../../../lib/alarms/signals/signal.ts';
import { visibleMessages } from '../../../../lib/alarms/signals/sqs.ts';
import { MATRIX } from '../../support/matrix.ts';
import {
  alerts,
  boundsOf,
  type MonitorQuery,
  type Points,
  parseQuery,
  printQuery,
  seriesOf,
} from '../../support/monitor-query.ts';
import { resourcesOf } from '../../support/resources.ts';

/**
 * What Datadog calls a CloudWatch metric by a statistic, one row each. Names as Datadog's integrations document them, but for
 * those of asynchronous endpoints and of Furrow's own namespace, which follow its rule: the namespace, then snake case.
 */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  // The denominator of this average is the metric Count (API Gateway metrics and dimensions).
  'AWS/ApiGateway 5XXError Average': ['aws.apigateway.5xxerror', 'aws.apigateway.count'],
  'AWS/ApiGateway Latency p95': ['aws.apigateway.latency.p95'],
  'AWS/Lambda Errors Sum': ['aws.lambda.errors'],
  'AWS/Lambda Throttles Sum': ['aws.lambda.throttles'],
  // The plain names are the averages; the counts would have the suffix .sum.
  'AWS/SageMaker Invocation5XXErrors Average': ['aws.sagemaker.invocation_5xx_errors'],
  'AWS/SageMaker Invocation4XXErrors Average': ['aws.sagemaker.invocation_4xx_errors'],
  // There are no percentiles of it.
  'AWS/SageMaker ModelLatency p95': ['aws.sagemaker.model_latency'],
  'AWS/SageMaker ApproximateAgeOfOldestRequest Maximum': ['aws.sagemaker.approximate_age_of_oldest_request'],
  'AWS/SageMaker ApproximateBacklogSize Maximum': ['aws.sagemaker.approximate_backlog_size'],
  'AWS/SageMaker ExpiredRequests Sum': ['aws.sagemaker.expired_requests'],
  'AWS/SageMaker NotificationFailures Sum': ['aws.sagemaker.notification_failures'],
  'AWS/DynamoDB SystemErrors Sum': ['aws.dynamodb.system_errors'],
  'AWS/SQS ApproximateNumberOfMessagesVisible Maximum': ['aws.sqs.approximate_number_of_messages_visible'],
  'AWS/States ExecutionsFailed Sum': ['aws.states.executions_failed'],
  'AWS/States ExecutionsTimedOut Sum': ['aws.states.executions_timed_out'],
  'Furrow AsynchronousFailures Sum': ['furrow.asynchronous_failures'],
  'Furrow CaptureDeferred Sum': ['furrow.capture_deferred'],
  'Furrow CaptureLost Sum': ['furrow.capture_lost'],
  'Furrow TableErrors Sum': ['furrow.table_errors'],
};

/** Every metric of SageMaker's that an asynchronous endpoint publishes and that Datadog is asked for. */
const OF_ASYNCHRONOUS_ENDPOINTS = [
  'aws.sagemaker.approximate_age_of_oldest_request',
  'aws.sagemaker.approximate_backlog_size',
  'aws.sagemaker.expired_requests',
  'aws.sagemaker.invocation_5xx_errors',
  'aws.sagemaker.notification_failures',
];

/** How one period's points become one in Datadog, by CloudWatch's statistic; a mean stands for what Datadog has not. */
const OVER = { Sum: 'sum', Average: 'avg', Maximum: 'max', p95: 'avg' } as const;

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface AlarmProperties extends Metric {
  readonly AlarmName: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
  readonly Period: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Metric: Metric; readonly Period: number; readonly Stat: string };
  }[];
}

interface MonitorProperties {
  readonly Name: string;
  readonly Query: unknown;
  readonly Options: { readonly Thresholds: { readonly Critical: number }; readonly NotifyNoData: boolean };
}

interface Pair {
  readonly id: string;
  readonly mode: string;
  readonly alarm: AlarmProperties;
  readonly monitor: MonitorProperties;
  readonly query: MonitorQuery;
  readonly metrics: readonly Metric[];
  readonly statistic: keyof typeof OVER;
  readonly period: number;
}

/** An alarm of CloudWatch with the monitor of the same name. */
function pairOf(mode: string, alarm: AlarmProperties, monitor: MonitorProperties): Pair {
  const stats = alarm.Metrics?.flatMap(({ MetricStat }) =>
    MetricStat === undefined ? [] : [MetricStat],
  ) ?? [{ Metric: alarm, Period: alarm.Period, Stat: alarm.Statistic ?? alarm.ExtendedStatistic ?? '' }];
  const [first] = stats;
  if (first === undefined) throw new Error(`${alarm.AlarmName} looks at nothing`);
  return {
    id: `${mode}: ${alarm.AlarmName}`,
    mode,
    alarm,
    monitor,
    query: parseQuery(text(monitor.Query)),
    metrics: stats.map(({ Metric }) => Metric),
    statistic: first.Stat as keyof typeof OVER,
    period: first.Period,
  };
}

/** Text of a template; what it refers to by the logical id, without braces, which mean something in a query. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = value as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly string[];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(text).join(join[0]);
  throw new Error(`neither text nor a reference: ${JSON.stringify(value)}`);
}

/** The tags by which Datadog knows what all metrics of an alarm have in common. */
function commonTags(metrics: readonly Metric[]): Record<string, string> {
  const [first, ...others] = metrics.map(
    ({ Dimensions }) => new Map(Dimensions.map(({ Name, Value }) => [Name.toLowerCase(), text(Value)])),
  );
  return Object.fromEntries(
    [...(first ?? [])].filter(([tag, value]) => others.every((one) => one.get(tag) === value)),
  );
}

function spelling({ Namespace, MetricName }: Metric, statistic: string): string {
  return `${Namespace} ${MetricName} ${statistic}`;
}

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

const pairs: Pair[] = [];
const namesOfModes = new Map<string, { readonly alarms: string[]; readonly monitors: string[] }>();
beforeAll(async () => {
  for (const { name, synthesize } of MATRIX.filter(({ name: one }) => one.endsWith(' with Datadog'))) {
    const { model } = await synthesize();
    const of = <T>(type: string) => resourcesOf(model, type).map(({ Properties }) => Properties as T);
    const monitors = new Map(
      of<MonitorProperties>('Datadog::Monitors::Monitor').map((one) => [one.Name, one]),
    );
    // What wakes the first instance of a queue is no alarm for anybody: it tells no topic.
    const alarms = of<AlarmProperties & { readonly OKActions?: unknown }>('AWS::CloudWatch::Alarm').filter(
      ({ AlarmName, OKActions }) => AlarmName !== undefined && OKActions !== undefined,
    );
    namesOfModes.set(name, {
      alarms: alarms.map(({ AlarmName }) => AlarmName).sort(),
      monitors: [...monitors.keys()].sort(),
    });
    for (const alarm of alarms) {
      const monitor = monitors.get(alarm.AlarmName);
      if (monitor !== undefined) pairs.push(pairOf(name, alarm, monitor));
    }
  }
}, 120_000);

/** Holds every alarm of every hosting mode to the same, and says which one is not held. */
function each(check: (pair: Pair) => readonly [actual: unknown, expected: unknown]): void {
  const actual = new Map<string, unknown>();
  const expected = new Map<string, unknown>();
  for (const pair of pairs) {
    const [one, other] = check(pair);
    actual.set(pair.id, one);
    expected.set(pair.id, other);
  }
  expect(actual.size).toBeGreaterThan(500);
  expect(actual).toEqual(expected);
}

describe('the monitor of every alarm, in every hosting mode and environment', () => {
  it('is there, and no other', () => {
    expect(namesOfModes.size).toBeGreaterThan(20);
    for (const { alarms, monitors } of namesOfModes.values()) {
      expect(alarms.length).toBeGreaterThan(0);
      expect(monitors).toEqual(alarms);
    }
  });

  it('asks for exactly the metrics of its alarm', () => {
    each(({ metrics, statistic, query }) => [
      sorted(seriesOf(query.expression).map(({ metric }) => metric)),
      sorted(metrics.flatMap((metric) => SPELLINGS[spelling(metric, statistic)] ?? ['not in the table'])),
    ]);
  });

  it('has no spelling that no alarm needs, and none that two metrics share', () => {
    const used = sorted(
      pairs.flatMap(({ metrics, statistic }) => metrics.map((metric) => spelling(metric, statistic))),
    );
    const names = Object.values(SPELLINGS).flat();

    expect(used).toEqual(Object.keys(SPELLINGS).sort());
    expect(new Set(names).size).toBe(names.length);
  });

  it('asks an asynchronous endpoint for nothing that it does not publish', () => {
    const asked = pairs
      .filter(({ mode }) => mode.startsWith('asynchronous'))
      .flatMap(({ query }) => seriesOf(query.expression).map(({ metric }) => metric))
      .filter((metric) => metric.startsWith('aws.sagemaker.'));

    expect(sorted(asked)).toEqual(OF_ASYNCHRONOUS_ENDPOINTS);
  });

  it('looks where its alarm looks', () => {
    each(({ metrics, query }) => {
      const tags = seriesOf(query.expression).map((series) => JSON.stringify(series.tags));
      return [sorted(tags), [JSON.stringify(commonTags(metrics))]];
    });
  });

  it('fires above the same threshold', () => {
    each(({ alarm, query, statistic, monitor }) => {
      const some = alarm.DatapointsToAlarm < alarm.EvaluationPeriods;
      // Of whole numbers those above a threshold begin with the next; what is counted then is periods.
      const bound = statistic === 'Sum' ? Math.floor(alarm.Threshold) + 1 : alarm.Threshold;
      return [
        [
          alarm.ComparisonOperator,
          query.comparison,
          query.threshold,
          monitor.Options.Thresholds.Critical,
          [...new Set(boundsOf(query.expression))],
        ],
        some
          ? ['GreaterThanThreshold', '>=', alarm.DatapointsToAlarm, alarm.DatapointsToAlarm, [bound]]
          : ['GreaterThanThreshold', '>', alarm.Threshold, alarm.Threshold, []],
      ];
    });
  });

  it('looks at the same periods, each by the same statistic', () => {
    each(({ alarm, query, period, statistic, metrics }) => {
      // A share is one count by another.
      const share = metrics.some((metric) => (SPELLINGS[spelling(metric, statistic)] ?? []).length > 1);
      const by = share ? 'sum' : OVER[statistic];
      const several = alarm.EvaluationPeriods > 1;
      return [
        [
          query.minutes,
          ...sorted(seriesOf(query.expression).map((one) => JSON.stringify([one.rollup, one.asCount]))),
        ],
        [
          (alarm.EvaluationPeriods * period) / 60,
          JSON.stringify([several ? { by, seconds: period } : undefined, !several && by === 'sum']),
        ],
      ];
    });
  });

  it('takes having no data for being well', () => {
    each(({ alarm, query, monitor }) => [
      [alarm.TreatMissingData, query.expression.kind, monitor.Options.NotifyNoData],
      ['notBreaching', 'default_zero', false],
    ]);
  });

  it('is written as it is read', () => {
    each(({ monitor, query }) => [printQuery(query), text(monitor.Query)]);
  });

  it('alerts on M of N periods when its alarm does, whatever the values and wherever some are missing', () => {
    const kinds = new Map(
      pairs.map((pair) => [
        pair.alarm.AlarmName.replace(/^furrow-\w+-(learned|doubled|seen)-yield-/, ''),
        pair,
      ]),
    );

    expect(kinds.size).toBeGreaterThan(20);
    for (const pair of kinds.values()) {
      let fired = 0;
      let quiet = 0;
      fc.assert(
        fc.property(valuesFor(pair), (values) => {
          const expected = fires(pair, values);
          if (expected) fired++;
          else quiet++;
          expect([pair.id, alerts(pair.query, (metric) => inDatadog(pair, values, metric))]).toEqual([
            pair.id,
            expected,
          ]);
        }),
        // Nothing was measured, and all is far above: of many series chance hardly makes the one, of long windows the other.
        { examples: [[everywhere(pair, undefined)], [everywhere(pair, 2 * pair.alarm.Threshold + 1)]] },
      );
      expect([pair.id, fired > 0, quiet > 0]).toEqual([pair.id, true, true]);
    }
  });
});

describe('the monitor of a signal', () => {
  const monitorOf = (datadog: Signal['datadog']) => {
    const stack = new Stack(new App(), 'Alarms');
    const made = datadogMonitor(stack, {
      declaration: {
        kind: 'capture-dlq-not-empty',
        id: 'capture-dlq-not-empty',
        title: 'Predictions wait',
        firstStep: 'Read one.',
        severity: 'ticket',
        signal: { ...visibleMessages({ queueName: 'dead-1' }), datadog },
        threshold: 0,
        breaches: { periods: 1, outOf: 1 },
      },
      name: 'furrow-dev-learned-yield-capture-dlq-not-empty',
      runbookUrl: 'https://runbooks.example/capture-dlq-not-empty.md',
      environment: 'dev',
      model: 'learned-yield',
      datadog: {
        site: 'datadoghq.eu',
        apiKeySecretArn: 'arn',
        nodeLayerVersion: 1,
        extensionLayerVersion: 1,
      },
    });
    return { stack, made };
  };
  const series: DatadogSeries = {
    metrics: ['aws.sqs.depth'],
    over: 'max',
    across: 'max',
    tags: { queuename: 'dead-1' },
  };

  it('that Datadog does not have is none, and the synthesis says why', () => {
    const { stack, made } = monitorOf({ absent: 'its integration does not collect it' });

    expect(made).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('Datadog::Monitors::Monitor', 0);
    Annotations.fromStack(stack).hasInfo(
      '*',
      'there is no Datadog monitor furrow-dev-learned-yield-capture-dlq-not-empty: its integration does not collect it',
    );
  });

  it('that Datadog has only nearly says so to whom it notifies', () => {
    const message = (datadog: DatadogSeries) => {
      const [monitor] = resourcesOf(
        Template.fromStack(monitorOf(datadog).stack),
        'Datadog::Monitors::Monitor',
      );
      return monitor?.Properties.Message;
    };
    const runbook = 'Runbook: https://runbooks.example/capture-dlq-not-empty.md';

    expect(message(series)).toBe(`Predictions wait. Read one.\n${runbook}`);
    expect(message({ ...series, approximation: 'the mean of all queues' })).toBe(
      `Predictions wait. Read one.\nDatadog is asked for the mean of all queues.\n${runbook}`,
    );
  });
});

/** What each metric of an alarm is in each of its periods. */
type Values = readonly Points[];

/** The same in every period of every series. */
function everywhere({ alarm, metrics }: Pair, value: number | undefined): Values {
  return metrics.map(() => Array.from({ length: alarm.EvaluationPeriods }, () => value));
}

/** Below, above and far above the threshold, nothing, and no value; shares are those of a thousand requests. */
function valuesFor({ alarm, metrics, statistic }: Pair): fc.Arbitrary<Values> {
  const { Threshold: threshold, EvaluationPeriods: periods } = alarm;
  const unit = statistic === 'Average' ? 0.001 : 1;
  const above = threshold + unit;
  const value = fc.constantFrom(
    undefined,
    0,
    threshold / 2,
    threshold - unit,
    above,
    above,
    above + 10 * unit,
  );
  const sensible = value.map((one) => (one === undefined || one < 0 ? undefined : one));
  return fc.array(fc.array(sensible, { minLength: periods, maxLength: periods }), {
    minLength: metrics.length,
    maxLength: metrics.length,
  });
}

/** CloudWatch's verdict: metrics are added up, a period without data is not breaching. */
function fires({ alarm }: Pair, values: Values): boolean {
  const periods = Array.from({ length: alarm.EvaluationPeriods }, (_, index) =>
    values.reduce((sum, points) => sum + (points[index] ?? 0), 0),
  );
  return periods.filter((value) => value > alarm.Threshold).length >= alarm.DatapointsToAlarm;
}

/** What Datadog has collected of the same values: a share as errors of a thousand requests, several series added up. */
function inDatadog({ metrics, statistic, alarm }: Pair, values: Values, name: string): Points {
  return Array.from({ length: alarm.EvaluationPeriods }, (_, index) => {
    const present = metrics
      .map((metric, position) => ({
        names: SPELLINGS[spelling(metric, statistic)] ?? [],
        value: values[position]?.[index],
      }))
      .filter(({ names, value }) => names.includes(name) && value !== undefined);
    if (present.length === 0) return undefined;
    return present.reduce((sum, { names, value = 0 }) => {
      if (names.length === 1) return sum + value;
      return sum + (names[0] === name ? Math.round(value * 1000) : 1000);
    }, 0);
  });
}
