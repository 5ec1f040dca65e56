/** One CloudWatch metric. */
export interface MetricSource {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * A signal in Datadog, whose AWS integration has its own names for CloudWatch's metrics and does not collect every
 * statistic of them. Its values are in the unit of the CloudWatch metric.
 */
export interface DatadogSeries {
  /** Several are added up; one without data counts as nothing. */
  readonly metrics: readonly [string, ...string[]];
  /** What their sum is divided by, for a share. @default - it is no share */
  readonly dividedBy?: string;
  /** How the points of one period become one. */
  readonly over: 'sum' | 'avg' | 'max';
  /** How series that differ in other tags become one. */
  readonly across: 'sum' | 'avg' | 'max';
  readonly tags: Readonly<Record<string, string>>;
  /** What it says that CloudWatch's signal does not. @default - both say the same */
  readonly approximation?: string;
}

/** A signal that Datadog does not have: there is no monitor then, rather than one that never fires. */
export interface NotInDatadog {
  /** Why, for whoever misses the monitor. */
  readonly absent: string;
}

/** What an alarm looks at: one signal, as CloudWatch and as Datadog spell it. */
export interface Signal {
  /** Several are added up; one without data counts as nothing. */
  readonly metrics: readonly MetricSource[];
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'p95';
  readonly periodSeconds: 60 | 300;
  readonly datadog: DatadogSeries | NotInDatadog;
}

/** Whether Datadog has a signal. */
export function isInDatadog(datadog: Signal['datadog']): datadog is DatadogSeries {
  return !('absent' in datadog);
}
