import { CfnResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DatadogSettings } from '../../environment.ts';
import type { AlarmDeclaration, DatadogSignal } from '../catalogue/alarm-declaration.ts';

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
 * The Datadog monitor of a declaration. Datadog's resource types have to be activated in the account's CloudFormation
 * registry.
 */
export function datadogMonitor(scope: Construct, props: DatadogMonitorProps): CfnResource {
  const { declaration, datadog } = props;
  const { id, title, firstStep, severity, threshold } = declaration;
  const recipient = datadog.recipients?.[severity];
  return new CfnResource(scope, `${id}-monitor`, {
    type: 'Datadog::Monitors::Monitor',
    properties: {
      Type: 'query alert',
      Name: props.name,
      Query: monitorQuery(declaration),
      Message: [
        `${title}. ${firstStep}`,
        `Runbook: ${props.runbookUrl}`,
        ...(recipient === undefined ? [] : [recipient]),
      ].join('\n'),
      Priority: PRIORITY[severity],
      Tags: [`env:${props.environment}`, `service:${props.model}`, `severity:${severity}`],
      Options: {
        Thresholds: { Critical: threshold },
        EvaluationDelay: EVALUATION_DELAY_SECONDS,
        NotifyNoData: false,
        RequireFullWindow: false,
      },
    },
  });
}

/** The declaration in Datadog's query language. */
export function monitorQuery({ signal, threshold, breaches }: AlarmDeclaration): string {
  const minutes = (signal.periodSeconds * breaches.outOf) / 60;
  return `${signal.datadog.over}(last_${minutes}m):${expression(signal.datadog)} > ${threshold}`;
}

function expression({ across, metric, dividedBy, over, tags }: DatadogSignal): string {
  const scope = Object.entries(tags)
    .map(([tag, value]) => `${tag}:${value}`)
    .join(',');
  const term = (name: string) => `${across}:${name}{${scope}}${over === 'sum' ? '.as_count()' : ''}`;
  return dividedBy === undefined ? term(metric) : `${term(metric)} / ${term(dividedBy)}`;
}
