import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { fails } from '../../../../bin/verify/report/findings.ts';
import { nag } from '../../../../bin/verify/templates/nag.ts';
import { acknowledge } from '../../../../lib/security/acknowledge.ts';
import { MATRIX } from '../../../lib/support/matrix.ts';

describe('cdk-nag', () => {
  it.each(MATRIX)('finds nothing in $name', async ({ synthesize }) => {
    const { app } = await synthesize();

    expect(nag(app)).toEqual([]);
  });

  it('names the template, the rule and the construct, and fails the verification', () => {
    const { app, stack } = carelessApp();

    const findings = nag(app);

    expect(findings).toContainEqual({
      template: stack.templateFile,
      rule: 'AwsSolutions-SQS4',
      level: 'error',
      path: 'Careless/Queue/Resource',
      message: expect.stringContaining('SSL'),
    });
    expect(findings.every(fails)).toBe(true);
  });

  it('leaves out what is acknowledged, there and nowhere else', () => {
    const { app, queue } = carelessApp();
    acknowledge(queue, 'AwsSolutions-SQS4', 'A queue of a test.');

    expect(nag(app).map(({ rule, path }) => `${rule} ${path}`)).not.toContain(
      'AwsSolutions-SQS4 Careless/Queue/Resource',
    );
    expect(nag(app).map(({ rule, path }) => `${rule} ${path}`)).toContain(
      'AwsSolutions-SQS4 Careless/Other/Resource',
    );
  });

  it('takes one finding of a rule for acknowledged, not the rule', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Careless');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'A role of a test.');
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));

    expect(nag(app).map(({ rule }) => rule)).toEqual(['AwsSolutions-IAM5[Action::s3:*]']);
  });
});

/** Two queues that take connections without TLS. */
function carelessApp(): { readonly app: App; readonly stack: Stack; readonly queue: Queue } {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Careless');
  const queue = new Queue(stack, 'Queue');
  new Queue(stack, 'Other');
  return { app, stack, queue };
}
