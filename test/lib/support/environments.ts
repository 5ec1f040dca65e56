import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Environment, PrivateNetwork } from '../../../lib/environment.ts';

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

/** With a customer-managed key and a network of its own. */
export const PRIVATE: Environment & { readonly network: PrivateNetwork } = {
  ...PROD,
  region: 'eu-west-1',
  network: {
    cidr: '10.20.0.0/20',
    availabilityZones: ['eu-west-1a', 'eu-west-1c'],
    prefixLists: { s3: 'pl-0a1b2c3d', dynamodb: 'pl-4e5f6a7b' },
  },
};
