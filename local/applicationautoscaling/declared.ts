import { z } from 'zod';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource } from '../core/plugin/service-plugin.ts';
import type { LocalResource } from '../template/resource-types.ts';
import { type Alarm, readPolicy } from './declared-policy.ts';
import type { Policy, ScalableTarget, ScheduledAction } from './policy.ts';
import { alarmProperties, policyProperties, targetProperties } from './properties.ts';
import { parseSchedule } from './schedule.ts';

export const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
export const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

/** What the templates register for scaling, and what of it has no effect here. */
export interface Declared {
  readonly targets: readonly (ScalableTarget & { readonly path: string })[];
  readonly notEmulated: readonly NotEmulatedResource[];
}

/** @throws {Error} where a resource is not what CloudFormation takes, naming its construct path */
export function readScaling(cloud: Pick<LocalCloud, 'resources'>): Declared {
  const notEmulated: NotEmulatedResource[] = [];
  const alarms = cloud.resources('AWS::CloudWatch::Alarm').map((resource) => read(alarmProperties, resource));
  const policies = cloud.resources(POLICY).map((resource) => ({
    resource,
    properties: read(policyProperties, resource),
  }));
  const targets = cloud.resources(TARGET).map((resource) => {
    const properties = read(targetProperties, resource);
    const { ResourceId: resourceId, ScalableDimension: scalableDimension } = properties;
    const own = policies.filter(({ properties: policy }) =>
      policy.ScalingTargetId === undefined
        ? policy.ResourceId === resourceId && policy.ScalableDimension === scalableDimension
        : policy.ScalingTargetId === resource.ref,
    );
    return {
      path: resource.path,
      resourceId,
      scalableDimension,
      min: properties.MinCapacity,
      max: properties.MaxCapacity,
      policies: own.flatMap(({ resource: policy, properties: declared }): Policy[] => {
        const found = readPolicy(declared, {
          resourceId,
          scalableDimension,
          alarms: alarmsOf(policy, alarms),
        });
        if (typeof found !== 'string') return [found];
        notEmulated.push({ type: POLICY, path: policy.path, reason: found });
        return [];
      }),
      scheduledActions: scheduledActions(resource, properties, notEmulated),
    };
  });
  return { targets, notEmulated };
}

function alarmsOf(policy: LocalResource, alarms: readonly Alarm[]): readonly Alarm[] {
  return alarms.filter(({ AlarmActions }) => AlarmActions.includes(policy.ref));
}

function scheduledActions(
  resource: LocalResource,
  { ScheduledActions }: z.infer<typeof targetProperties>,
  notEmulated: NotEmulatedResource[],
): readonly ScheduledAction[] {
  return ScheduledActions.flatMap((action) => {
    const schedule = parseSchedule(action.Schedule, action.Timezone);
    const { MinCapacity: min, MaxCapacity: max } = action.ScalableTargetAction;
    if (schedule !== undefined) return [{ name: action.ScheduledActionName, schedule, min, max }];
    const reason = `the schedule ${action.Schedule} is never due here: only cron without L, W and # is read`;
    notEmulated.push({ type: TARGET, path: resource.path, reason });
    return [];
  });
}

function read<T>(schema: z.ZodType<T>, resource: LocalResource): T {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
