import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, type CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct, IDependable } from 'constructs';

/** Where the alarms of a model are found by their ids. */
export interface AlarmsById {
  alarm(id: string): IDependable | undefined;
}

/** What a role needs that looks at alarms while it carries a deployment out. */
export function watchAlarmsStatement(scope: IConstruct, alarmNames: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'WatchRollbackAlarms',
    actions: ['cloudwatch:DescribeAlarms'],
    resources: alarmNames.map((resourceName) =>
      Stack.of(scope).formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ),
  });
}

/**
 * Has alarms in place before a resource is made or changed whose deployments they give up: one that is not there yet would
 * count as a failure, or be refused.
 * @throws {Error} that names an alarm which the model does not have
 */
export function deployAfterAlarms(resource: CfnResource, ids: readonly string[], alarms: AlarmsById): void {
  for (const id of ids) {
    const alarm = alarms.alarm(id);
    if (alarm === undefined)
      throw new Error(`${resource.node.path}: there is no alarm "${id}" to roll back on`);
    resource.node.addDependency(alarm);
  }
}
