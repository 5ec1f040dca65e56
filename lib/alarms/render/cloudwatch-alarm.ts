import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AlarmDeclaration } from '../catalogue/alarm-declaration.ts';
import type { Signal } from '../signals/signal.ts';

export interface CloudWatchAlarmProps {
  readonly declaration: AlarmDeclaration;
  readonly name: string;
  readonly runbookUrl: string;
  /** Told when the alarm fires, and when it is over. */
  readonly topic: ITopic;
}

/** The CloudWatch alarm of a declaration. */
export function cloudWatchAlarm(scope: Construct, props: CloudWatchAlarmProps): Alarm {
  const { declaration, topic } = props;
  const alarm = new Alarm(scope, declaration.id, {
    alarmName: props.name,
    alarmDescription: `${declaration.title}. ${declaration.firstStep} Runbook: ${props.runbookUrl}`,
    metric: signalMetric(declaration.signal, declaration.title),
    threshold: declaration.threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: declaration.breaches.outOf,
    datapointsToAlarm: declaration.breaches.periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const notify = new SnsAction(topic);
  alarm.addAlarmAction(notify);
  alarm.addOkAction(notify);
  return alarm;
}

/** A signal as CloudWatch computes it. */
export function signalMetric(signal: Signal, label: string): IMetric {
  const period = Duration.seconds(signal.periodSeconds);
  const metrics = signal.metrics.map(
    ({ namespace, name, dimensions }) =>
      new Metric({
        namespace,
        metricName: name,
        dimensionsMap: { ...dimensions },
        statistic: signal.statistic,
        period,
      }),
  );
  const [only, ...others] = metrics;
  if (only !== undefined && others.length === 0) return only;
  return new MathExpression({
    // SUM over a list takes what there is: an operation that never failed has no data at all.
    expression: `SUM([${metrics.map((_, index) => `m${index}`).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric])),
    label,
    period,
  });
}
