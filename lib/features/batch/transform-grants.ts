import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { acknowledgeWildcard } from '../../security/acknowledge.ts';
import type { DataKey } from '../../security/data-key.ts';
import type { BatchBucket } from './batch-bucket.ts';

export interface TransformGrants {
  readonly bucket: BatchBucket;
  /** What the names of the jobs begin with. */
  readonly jobPrefix: string;
  /** The key of the instances' storage. @default - SageMaker's own */
  readonly storageKey: DataKey | undefined;
}

/**
 * The log group of all transform jobs of an account, and the namespace of their metrics: SageMaker fixes the name, and makes
 * the group with the first job.
 */
export const TRANSFORM_LOGS = '/aws/sagemaker/TransformJobs';

/** Lets a model's role run transform jobs, besides whatever else it is for. */
export function grantTransform(role: IRole, { bucket, jobPrefix, storageKey }: TransformGrants): void {
  const logs = (resourceName: string) =>
    Stack.of(role).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const streams = logs(`${TRANSFORM_LOGS}:log-stream:${jobPrefix}*`);
  const statements = [
    ...bucket.transformStatements(),
    new PolicyStatement({
      sid: 'MakeJobLogGroup',
      actions: ['logs:CreateLogGroup', 'logs:DescribeLogStreams'],
      resources: [logs(TRANSFORM_LOGS)],
    }),
    new PolicyStatement({
      sid: 'WriteJobLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [streams],
    }),
    // The action takes no resource (Service Authorization Reference, Amazon CloudWatch): the namespace narrows it.
    new PolicyStatement({
      sid: 'ReportJobMetrics',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': TRANSFORM_LOGS } },
    }),
    ...(storageKey === undefined ? [] : [storageKey.storageStatement()]),
  ];
  for (const statement of statements) role.addToPrincipalPolicy(statement);
  bucket.acknowledgeTransform(role);
  acknowledgeWildcard(role, streams, "A job's streams are named after it, and it after its execution.");
}
