import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { acknowledge } from '../security/acknowledge.ts';

/** What a service does to network interfaces on behalf of what it runs. */
interface InterfaceActions {
  /** EC2 knows the resource of these. */
  readonly change: string[];
  /** EC2 defines these without a resource (Service Authorization Reference, Amazon EC2). */
  readonly look: string[];
}

/** Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", required permissions. */
const FUNCTION: InterfaceActions = {
  change: [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:UnassignPrivateIpAddresses',
  ],
  look: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
};

/** SageMaker developer guide, "Give SageMaker AI hosted endpoints access to resources in your Amazon VPC". */
const CONTAINER: InterfaceActions = {
  change: [
    'ec2:CreateNetworkInterface',
    'ec2:CreateNetworkInterfacePermission',
    'ec2:DeleteNetworkInterface',
    'ec2:DeleteNetworkInterfacePermission',
  ],
  look: [
    'ec2:DescribeDhcpOptions',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
  ],
};

/**
 * What the role of a function needs to run in a network. Lambda uses the role for that, and the function's own code could
 * too: calls that come from within a function bear its ARN, and are denied.
 */
export function functionInterfaceStatements(scope: IConstruct): PolicyStatement[] {
  return [
    ...statements(scope, FUNCTION),
    new PolicyStatement({
      sid: 'NotByTheCodeItself',
      effect: Effect.DENY,
      actions: [...FUNCTION.change, ...FUNCTION.look],
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}

/** What the role of a SageMaker model needs for the same. Its container never gets to use it: it has no network at all. */
export function containerInterfaceStatements(scope: IConstruct): PolicyStatement[] {
  return statements(scope, CONTAINER);
}

/**
 * Says to cdk-nag why the statements above hold wildcards. Interfaces have no ids before they exist, and Lambda tries its
 * permissions on all of the account's before it accepts a role (the guide's own form is `arn:…:*\/*`).
 */
export function acknowledgeInterfaces(role: IConstruct): void {
  const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const { account, region } = Stack.of(role);
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:${shown(region, 'Region')}:${shown(account, 'AccountId')}:*/*]`,
    'Network interfaces have no ids before they exist.',
  );
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Looking at interfaces and subnets takes no resource (Service Authorization Reference, Amazon EC2).',
  );
}

function statements(scope: IConstruct, { change, look }: InterfaceActions): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'KeepNetworkInterfaces',
      actions: change,
      resources: [Stack.of(scope).formatArn({ service: 'ec2', resource: '*', resourceName: '*' })],
    }),
    new PolicyStatement({ sid: 'LookAtTheNetwork', actions: look, resources: ['*'] }),
  ];
}
