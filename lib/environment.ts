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

/** A network of the environment's own, without any way to the internet. */
export interface PrivateNetwork {
  /** Its addresses: a block of RFC 1918 with /16 to /24, for example `10.20.0.0/20`. Changing it replaces the network. */
  readonly cidr: string;
  /**
   * Where its subnets lie, by the account's names for zones of the environment's region, for example
   * `['eu-west-1a', 'eu-west-1b']`. SageMaker asks for two at least.
   */
  readonly availabilityZones: readonly string[];
  /**
   * AWS's own lists of the addresses of S3 and DynamoDB in the region, which `aws ec2 describe-managed-prefix-lists` names
   * `com.amazonaws.<region>.s3` and `.dynamodb`: what leaves may go there and to the network's endpoints, and nowhere else.
   */
  readonly prefixLists: { readonly s3: string; readonly dynamodb: string };
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
  /** Where functions and containers run. @default - in networks of AWS, which have a way to the internet */
  readonly network?: PrivateNetwork;
}
