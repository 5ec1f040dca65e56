import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { watchAlarmsStatement } from '../alarms/rollback-alarms.ts';
import type { ContainerImage } from '../containers/container-image.ts';
import type { ModelObject } from '../containers/model-object.ts';
import { acknowledge } from '../security/acknowledge.ts';
import type { DataKey } from '../security/data-key.ts';

export interface ExecutionRoleProps {
  readonly image: ContainerImage;
  readonly modelData: ModelObject;
  /** @default - the role writes no logs of an endpoint */
  readonly logGroup?: ILogGroup | undefined;
  /** Where SageMaker reports what instances and containers use. */
  readonly metricNamespace: string;
  /** The key of the instances' storage. @default - SageMaker's own */
  readonly storageKey?: DataKey | undefined;
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
    storageKey,
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
    ...(storageKey === undefined ? [] : [storageKey.storageStatement()]),
    ...(rollbackAlarmNames.length === 0 ? [] : [watchAlarmsStatement(scope, rollbackAlarmNames)]),
  ];
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
