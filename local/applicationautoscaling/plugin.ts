import { minuteValue } from '../cloudwatch/minute-value.ts';
import { capacityOf } from '../core/plugin/capacity.ts';
import type { LocalCloud } from '../core/plugin/local-cloud.ts';
import type { NotEmulatedResource, RunningService, ServicePlugin } from '../core/plugin/service-plugin.ts';
import { arnOf, nameOf } from '../template/naming.ts';
import type { Unidentified } from '../template/resource-types.ts';
import { POLICY, readScaling, TARGET } from './declared.ts';
import { Scaler, type ScalingActivity } from './scaler.ts';

const MINUTE_MS = 60_000;

/**
 * Application Auto Scaling: what templates register is scaled minute by minute by the local metrics: target tracking on
 * the predefined metrics of SageMaker variants and of provisioned concurrency or on a metric of one's own, step scaling with the alarm that acts
 * through it, and schedules. It starts after the services whose capacity it changes. Not emulated: the service's API,
 * expressions of metrics, predictive scaling, alarms by another period than a minute, `at` and `rate` schedules.
 */
export const applicationAutoScalingPlugin: ServicePlugin = {
  name: 'applicationautoscaling',
  resourceTypes: {
    [TARGET]: { support: 'emulated', identify: (resource) => ({ ref: targetId(resource) }) },
    [POLICY]: { support: 'emulated', identify: identifyPolicy },
  },
  start,
};

async function start(cloud: LocalCloud): Promise<RunningService> {
  const { targets, notEmulated } = readScaling(cloud);
  const unscaled: NotEmulatedResource[] = [];
  const scalers = targets.flatMap((target) => {
    const capacity = capacityOf(cloud.services, target.scalableDimension, target.resourceId);
    if (capacity !== undefined)
      return [new Scaler(target, capacity, (metric, minute) => minuteValue(cloud.metrics, metric, minute))];
    const reason = `nothing here has the capacity ${target.scalableDimension} of ${target.resourceId}`;
    unscaled.push({ type: TARGET, path: target.path, reason });
    return [];
  });
  for (const scaler of scalers) report(cloud, scaler, scaler.register());
  return {
    notEmulated: [...notEmulated, ...unscaled],
    close: everyMinute(cloud, scalers),
  };
}

/** Ends every minute for the scalers; the answer stops that. Minutes that a sleeping computer missed are ended too. */
function everyMinute(cloud: LocalCloud, scalers: readonly Scaler[]): () => Promise<void> {
  if (scalers.length === 0) return async () => undefined;
  const { clock } = cloud;
  let minute = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel = clock.after(minute + MINUTE_MS - clock.now(), () => {
      for (; minute + MINUTE_MS <= clock.now(); minute += MINUTE_MS) {
        for (const scaler of scalers) report(cloud, scaler, scaler.endOfMinute(minute));
      }
      wait();
    });
  };
  wait();
  return async () => cancel();
}

function report(cloud: LocalCloud, { target }: Scaler, activities: readonly ScalingActivity[]): void {
  for (const { from, to, cause } of activities)
    cloud.log.info(`${target.resourceId}: capacity from ${from} to ${to} by ${cause}`);
}

/** What `Ref` answers for a scalable target (CloudFormation, AWS::ApplicationAutoScaling::ScalableTarget). */
function targetId(resource: Unidentified): string {
  const properties = ['ResourceId', 'ScalableDimension', 'ServiceNamespace'];
  return properties.map((name) => String(resource.property(name))).join('|');
}

function identifyPolicy(resource: Unidentified) {
  const ref = arnOf('autoscaling', resource, `scalingPolicy:policyName/${nameOf(resource, 'PolicyName')}`);
  return { ref: `${ref}:${resource.stack}/${resource.logicalId}` };
}
