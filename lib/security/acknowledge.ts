import { Stack, Validations } from 'aws-cdk-lib/core';
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

/** Says why a role at or below a construct may do something to whatever an ARN with a wildcard stands for. */
export function acknowledgeWildcard(scope: IConstruct, arn: string, reason: string): void {
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${spelled(Stack.of(scope).resolve(arn))}]`, reason);
}

/** A resolved ARN as cdk-nag spells it: what is known only at deployment stands in angle brackets. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (!Array.isArray(join)) throw new Error(`not an ARN: ${JSON.stringify(value)}`);
  const [separator, parts] = join as [string, readonly unknown[]];
  return parts.map(spelled).join(separator);
}
