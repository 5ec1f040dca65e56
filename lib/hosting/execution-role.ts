import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImage } from '../containers/container-image.ts';
import type { ModelObject } from '../containers/model-object.ts';
import { acknowledge } from '../validation/acknowledge.ts';

export interface ExecutionRoleProps {
  readonly image: ContainerImage;
  readonly modelData: ModelObject;
  /** @default - the role writes no logs of an endpoint */
  readonly logGroup?: ILogGroup | undefined;
  /** Where SageMaker reports what instances and containers use. */
  readonly metricNamespace: string;
  /** The key of the instances' storage. @default - SageMaker's own */
  readonly storageKeyArn?: string | undefined;
  /** The alarms that SageMaker watches during a deployment. @default - none */
  readonly rollbackAlarmNames?: readonly string[];
  /** What one kind of hosting needs besides. @default - nothing */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * What SageMaker may do for an endpoint: pull one image, read one object, write one log group, report the endpoint's
 * metrics, and look at the alarms that roll a deployment back. The policy is inline, so the role is never there
 * without it: a model that is created between the two fails.
 */
export function executionRole(scope: Construct, id: string, props: ExecutionRoleProps): Role {
  const {
    image,
    modelData,
    logGroup,
    metricNamespace,
    storageKeyArn,
    rollbackAlarmNames = [],
    statements: others = [],
  } = props;
  const statements = [
    new PolicyStatement({
      sid: 'PullImage',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      resources: [image.repositoryArn],
    }),
    // The action takes no resource (Service Authorization Reference, Amazon ECR).
    new PolicyStatement({
      sid: 'SignInToRegistry',
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
    }),
    ...modelData.statements,
    ...(logGroup === undefined
      ? []
      : [
          new PolicyStatement({
            sid: 'WriteLogs',
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
            resources: [logGroup.logGroupArn],
          }),
        ]),
    // The action takes no resource (Service Authorization Reference, Amazon CloudWatch): the namespace narrows it.
    new PolicyStatement({
      sid: 'ReportMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', metricNamespace] } },
    }),
    ...others,
  ];
  if (storageKeyArn !== undefined) {
    statements.push(
      new PolicyStatement({
        sid: 'EncryptStorage',
        actions: ['kms:CreateGrant', 'kms:DescribeKey'],
        resources: [storageKeyArn],
        // Grants to AWS services alone: nobody else gets the key through this role.
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }
  if (rollbackAlarmNames.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'WatchRollbackAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: rollbackAlarmNames.map((name) => alarmArn(scope, name)),
      }),
    );
  }
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    inlinePolicies: { Hosting: new PolicyDocument({ statements }) },
  });
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Signing in to the registry and reporting metrics take no resource; the metrics are narrowed by their namespace.',
  );
  return role;
}

function alarmArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
