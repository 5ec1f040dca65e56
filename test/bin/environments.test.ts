import { RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENTS, EnvironmentError, environmentNamed } from '../../bin/environments.ts';

describe('the environments', () => {
  it('are dev where none is asked for', () => {
    expect(environmentNamed(undefined)).toBe(ENVIRONMENTS.dev);
    expect(environmentNamed('prod')).toBe(ENVIRONMENTS.prod);
  });

  it.each([['production'], ['toString'], [7], [null]])('are not %j', (name) => {
    expect(() => environmentNamed(name)).toThrow(
      new EnvironmentError(
        `There is no environment ${JSON.stringify(name)}. Use -c environment=<name> with one of: dev, prod.`,
      ),
    );
  });

  it('protect what prod holds', () => {
    expect(ENVIRONMENTS.prod.dataRemoval).toBe(RemovalPolicy.RETAIN);
    expect(ENVIRONMENTS.prod.terminationProtection).toBe(true);
  });

  it('have Datadog off until somebody switches it on', () => {
    expect(Object.values(ENVIRONMENTS).filter((environment) => 'datadog' in environment)).toEqual([]);
  });
});
