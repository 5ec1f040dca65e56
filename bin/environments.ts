import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Environment } from '../lib/environment.ts';

/** Where alarms send whom they wake: the folder of the runbooks in the repository that people can open. */
const RUNBOOKS = 'https://github.com/example/furrow/blob/main/docs/runbooks';

/** Where Furrow is deployed. Choose one with `-c environment=prod`. */
export const ENVIRONMENTS = {
  dev: {
    name: 'dev',
    dataRemoval: RemovalPolicy.DESTROY,
    encryption: { key: 'aws-managed' },
    terminationProtection: false,
    logRetentionDays: 14,
    logLevel: 'DEBUG',
    tracing: true,
    alarmEmails: { page: [], ticket: [] },
    runbookBaseUrl: RUNBOOKS,
  },
  prod: {
    name: 'prod',
    dataRemoval: RemovalPolicy.RETAIN,
    encryption: { key: 'customer-managed' },
    terminationProtection: true,
    logRetentionDays: 365,
    logLevel: 'INFO',
    tracing: true,
    alarmEmails: { page: [], ticket: [] },
    runbookBaseUrl: RUNBOOKS,
  },
} as const satisfies Readonly<Record<string, Environment>>;

export type EnvironmentName = keyof typeof ENVIRONMENTS;

const DEFAULT: EnvironmentName = 'dev';

/** An environment was asked for that does not exist. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * The environment that the context value `environment` names; dev where there is none.
 * @throws {EnvironmentError} for any other value
 */
export function environmentNamed(name: unknown = DEFAULT): Environment {
  const known: Readonly<Record<string, Environment>> = ENVIRONMENTS;
  const environment = typeof name === 'string' && Object.hasOwn(known, name) ? known[name] : undefined;
  if (environment !== undefined) return environment;
  throw new EnvironmentError(
    `There is no environment ${JSON.stringify(name)}. Use -c environment=<name> with one of: ${Object.keys(ENVIRONMENTS).join(', ')}.`,
  );
}
