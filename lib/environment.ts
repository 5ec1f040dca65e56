import type { RemovalPolicy } from 'aws-cdk-lib/core';

/** Every severity. */
export const SEVERITIES = ['page', 'ticket'] as const;

/** How urgent an alarm is: it wakes somebody, or it waits for working hours. */
export type Severity = (typeof SEVERITIES)[number];

/** How to reach Datadog. */
export interface DatadogSettings {
  /** Datadog's site, for example `datadoghq.eu`. */
  readonly site: string;
  /** The complete ARN of a Secrets Manager secret that holds the API key as its plain text. */
  readonly apiKeySecretArn: string;
  /** The release of Datadog's Node.js layer: the minor version of its datadog-lambda-js. */
  readonly nodeLayerVersion: number;
  /** The release of Datadog's extension layer. */
  readonly extensionLayerVersion: number;
  /** Whom monitors notify, in Datadog's spelling, for example `@pagerduty-models`. @default - nobody */
  readonly recipients?: Readonly<Record<Severity, string>>;
}

/** What one deployment environment decides for every model in it. */
export interface Environment {
  /** A part of every stack's name and the value of `MODEL_ENVIRONMENT`. */
  readonly name: string;
  /** @default - the account of the credentials at deployment */
  readonly account?: string;
  /** @default - the region of the credentials at deployment */
  readonly region?: string;
  /** What becomes of predictions and logs when a stack is deleted. */
  readonly dataRemoval: RemovalPolicy.DESTROY | RemovalPolicy.RETAIN;
  /** Who manages the keys of data at rest: AWS, or a key of each stack's own, which its owner can audit and disable. */
  readonly encryption: { readonly key: 'aws-managed' | 'customer-managed' };
  /** Refuses to delete a stack until somebody switches this off. */
  readonly terminationProtection: boolean;
  /** Days that logs are kept: one of the values that CloudWatch Logs takes. */
  readonly logRetentionDays: number;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** Whether API Gateway and the functions send traces to X-Ray. */
  readonly tracing: boolean;
  /** E-mail addresses by severity; each has to confirm its subscription once. */
  readonly alarmEmails: Readonly<Record<Severity, readonly string[]>>;
  /** The URL of the folder that holds the runbooks; an alarm's page is `<base>/<kind of alarm>.md`. */
  readonly runbookBaseUrl: string;
  /** @default - nothing of Datadog is deployed */
  readonly datadog?: DatadogSettings;
}
