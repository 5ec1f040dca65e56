import { Annotations, CfnResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatadogSettings } from '../../environment.ts';
import type { AlarmDeclaration } from '../catalogue/alarm-declaration.ts';
import { type DatadogSeries, isInDatadog } from '../signals/signal.ts';
import { monitorQuery } from './monitor-query.ts';

export interface DatadogMonitorProps {
  readonly declaration: AlarmDeclaration;
  readonly name: string;
  readonly runbookUrl: string;
  readonly environment: string;
  readonly model: string;
  readonly datadog: DatadogSettings;
}

/** Datadog's priorities go from 1 (high) to 5 (low). */
const PRIORITY = { page: 1, ticket: 3 } as const;

/** CloudWatch's metrics reach Datadog about a quarter of an hour late (Datadog, "Cloud metric delay"). */
const EVALUATION_DELAY_SECONDS = 900;

/**
 * The Datadog monitor of a declaration; undefined where Datadog does not have its signal, which the synthesis tells then.
 * Datadog's resource types have to be activated in the account's CloudFormation registry.
 */
export function datadogMonitor(scope: Construct, props: DatadogMonitorProps): CfnResource | undefined {
  const { declaration, datadog } = props;
  const { id, title, firstStep, severity, signal } = declaration;
  const series = signal.datadog;
  if (!isInDatadog(series)) {
    Annotations.of(scope).addInfo(`there is no Datadog monitor ${props.name}: ${series.absent}`);
    return undefined;
  }
  const { query, critical } = monitorQuery({ ...declaration, signal: { ...signal, datadog: series } });
  const recipient = datadog.recipients?.[severity];
  return new CfnResource(scope, `${id}-monitor`, {
    type: 'Datadog::Monitors::Monitor',
    properties: {
      Type: 'query alert',
      Name: props.name,
      Query: query,
      Message: [
        `${title}. ${firstStep}`,
        ...inWords(declaration, series),
        `Runbook: ${props.runbookUrl}`,
        ...(recipient === undefined ? [] : [recipient]),
      ].join('\n'),
      Priority: PRIORITY[severity],
      Tags: [`env:${props.environment}`, `service:${props.model}`, `severity:${severity}`],
      Options: {
        Thresholds: { Critical: critical },
        EvaluationDelay: EVALUATION_DELAY_SECONDS,
        NotifyNoData: false,
        RequireFullWindow: false,
      },
    },
  });
}

/** What can't be seen in the monitor's own number. */
function inWords(
  { threshold, breaches, signal }: AlarmDeclaration,
  { approximation }: DatadogSeries,
): readonly string[] {
  const { periods, outOf } = breaches;
  const minutes = signal.periodSeconds / 60;
  return [
    ...(periods < outOf
      ? [
          `Counted are the periods of ${minutes} minutes above ${threshold}: ${periods} of the last ${outOf} are too many.`,
        ]
      : []),
    ...(approximation === undefined ? [] : [`Datadog is asked for ${approximation}.`]),
  ];
}
