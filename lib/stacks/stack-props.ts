import type { StackProps } from 'aws-cdk-lib/core';
import type { Environment } from '../environment.ts';

/** What all stacks of an environment have in common. */
export function commonStackProps(environment: Environment): StackProps {
  const { account, region } = environment;
  return {
    env: { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) },
    terminationProtection: environment.terminationProtection,
  };
}

/** The tags of every resource, for cost reports and for finding things. */
export function commonTags(environment: Environment): Record<string, string> {
  return { Application: 'furrow', Environment: environment.name };
}
