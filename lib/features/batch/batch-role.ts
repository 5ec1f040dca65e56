import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from '../../security/acknowledge.ts';
import type { DataKey } from '../../security/data-key.ts';

export interface BatchRoleProps {
  readonly functionArns: readonly string[];
  /** What the names of its transform jobs begin with. */
  readonly jobPrefix: string;
  /** The role that the jobs run with. */
  readonly modelRoleArn: string;
  /** The key of the jobs' storage. @default - SageMaker's own */
  readonly storageKey: DataKey | undefined;
  readonly tracing: boolean;
  /** What the encryption of executions needs. */
  readonly statements: readonly PolicyStatement[];
}

/** How Step Functions hears that a transform job has ended (Step Functions developer guide, IAM policies for SageMaker). */
const JOB_EVENTS_RULE = 'StepFunctionsGetEventsForSageMakerTransformJobsRule';

/**
 * What the state machine of a batch may do: call its two functions, run transform jobs of its own, and write its log. The
 * policy is inline, so the role is never there without it.
 */
export function batchRole(scope: Construct, id: string, props: BatchRoleProps): Role {
  const { functionArns, jobPrefix, modelRoleArn, storageKey, tracing } = props;
  const stack = Stack.of(scope);
  // An execution makes up the rest of the name.
  const jobs = stack.formatArn({
    service: 'sagemaker',
    resource: 'transform-job',
    resourceName: `${jobPrefix}*`,
  });
  const statements = [
    new PolicyStatement({
      sid: 'CallSteps',
      actions: ['lambda:InvokeFunction'],
      resources: [...functionArns],
    }),
    new PolicyStatement({
      sid: 'RunJobs',
      actions: [
        'sagemaker:CreateTransformJob',
        'sagemaker:DescribeTransformJob',
        'sagemaker:StopTransformJob',
        'sagemaker:AddTags',
        'sagemaker:ListTags',
      ],
      resources: [jobs],
    }),
    new PolicyStatement({
      sid: 'HandOverModelRole',
      actions: ['iam:PassRole'],
      resources: [modelRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }),
    new PolicyStatement({
      sid: 'HearOfJobs',
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: JOB_EVENTS_RULE })],
    }),
    // None of these takes a resource (Service Authorization Reference, Amazon CloudWatch Logs).
    new PolicyStatement({
      sid: 'DeliverLogs',
      actions: [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      resources: ['*'],
    }),
    ...(tracing
      ? [
          // Neither do these (Service Authorization Reference, AWS X-Ray).
          new PolicyStatement({
            sid: 'SendTraces',
            actions: [
              'xray:PutTraceSegments',
              'xray:PutTelemetryRecords',
              'xray:GetSamplingRules',
              'xray:GetSamplingTargets',
            ],
            resources: ['*'],
          }),
        ]
      : []),
    ...(storageKey === undefined ? [] : [storageKey.storageStatement()]),
    ...props.statements,
  ];
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    inlinePolicies: { Batch: new PolicyDocument({ statements }) },
  });
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Delivering logs and sending traces take no resource (Service Authorization Reference).',
  );
  acknowledgeWildcard(
    role,
    jobs,
    'Its jobs are named after executions, which are not known before they begin.',
  );
  return role;
}
