import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Environment } from '../../../lib/environment.ts';

export const DEV: Environment = {
  name: 'dev',
  dataRemoval: RemovalPolicy.DESTROY,
  encryption: { key: 'aws-managed' },
  terminationProtection: false,
  logRetentionDays: 14,
  logLevel: 'DEBUG',
  tracing: true,
  alarmEmails: { page: [], ticket: [] },
  runbookBaseUrl: 'https://runbooks.example/pages',
};

export const PROD: Environment = {
  ...DEV,
  name: 'prod',
  dataRemoval: RemovalPolicy.RETAIN,
  encryption: { key: 'customer-managed' },
  terminationProtection: true,
  logRetentionDays: 365,
  logLevel: 'INFO',
};

export const WITH_DATADOG: Environment = {
  ...DEV,
  datadog: {
    site: 'datadoghq.eu',
    apiKeySecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:datadog-AbCdEf',
    nodeLayerVersion: 133,
    extensionLayerVersion: 92,
    recipients: { page: '@pagerduty-models', ticket: '@jira-models' },
  },
};
