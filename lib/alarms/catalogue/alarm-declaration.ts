import type { Severity } from '../../environment.ts';

/** What can go wrong only where predictions are accepted first and answered later. */
export const ASYNCHRONOUS_ALARM_KINDS = [
  'backlog-old',
  'backlog-large',
  'asynchronous-failures',
  'requests-expired',
  'notification-failures',
  'completion-dlq-not-empty',
] as const;

/** What can go wrong only where callers are called back. */
export const CALLBACK_ALARM_KINDS = ['callback-dlq-not-empty'] as const;

/** What can go wrong only where there are batches. */
export const BATCH_ALARM_KINDS = ['batch-failures'] as const;

/** What can go wrong with a model; each has a runbook of the same name. */
export const ALARM_KINDS = [
  'api-5xx-rate',
  'api-latency-p95',
  'function-errors',
  'function-throttles',
  'endpoint-5xx-errors',
  'endpoint-4xx-errors',
  'endpoint-latency',
  'table-errors',
  'table-system-errors',
  'capture-deferred',
  'capture-lost',
  'capture-dlq-not-empty',
  ...ASYNCHRONOUS_ALARM_KINDS,
  ...CALLBACK_ALARM_KINDS,
  ...BATCH_ALARM_KINDS,
] as const;

export type AlarmKind = (typeof ALARM_KINDS)[number];

/** One CloudWatch metric. */
export interface MetricSource {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * The same signal in Datadog, whose AWS integration has its own names for CloudWatch's metrics and does not collect every
 * statistic of them.
 */
export interface DatadogSignal {
  /** How the points of the window become one number. */
  readonly over: 'sum' | 'avg' | 'max';
  /** How series that differ in other tags become one. */
  readonly across: 'sum' | 'avg' | 'max';
  readonly metric: string;
  /** What the metric is divided by, for a share. */
  readonly dividedBy?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What an alarm looks at. */
export interface Signal {
  /** Several are added up; one without data counts as nothing. */
  readonly metrics: readonly MetricSource[];
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'p95';
  readonly periodSeconds: 60 | 300;
  readonly datadog: DatadogSignal;
}

/**
 * One alarm, declared once: the CloudWatch alarm, the Datadog monitor and the dashboard's row are made from it. An alarm
 * fires above its threshold, and having no data is neutral: a model that nobody asks is not broken.
 */
export interface AlarmDeclaration {
  readonly kind: AlarmKind;
  /** Unique in a model: the kind, or the kind and what it is about. */
  readonly id: string;
  readonly title: string;
  /** What to look at first; the runbook has the rest. */
  readonly firstStep: string;
  readonly severity: Severity;
  readonly signal: Signal;
  /** In the unit of the signal's metric. */
  readonly threshold: number;
  /** How many of the last periods have to be above the threshold. */
  readonly breaches: { readonly periods: number; readonly outOf: number };
}
