import type { Severity } from '../../environment.ts';
import type { Signal } from '../signals/signal.ts';
import type { Breaches } from './breaches.ts';

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
  readonly breaches: Breaches;
}
