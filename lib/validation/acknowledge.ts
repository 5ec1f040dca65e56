import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** A rule of cdk-nag's AwsSolutions pack, with the finding where a rule tells several apart. */
export type NagRule = `AwsSolutions-${string}`;

/**
 * Says why a rule that `npm run verify` checks is not followed by a construct and what lies below it. It belongs beside
 * the construct, so that whoever changes that sees the reason, and it never reaches a template.
 */
export function acknowledge(scope: IConstruct, rule: NagRule, reason: string): void {
  Validations.of(scope).acknowledge({ id: rule, reason });
}
