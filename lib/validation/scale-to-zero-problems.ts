import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import type { ScaleToZero } from '../../contract/deployment/scale-to-zero.ts';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { acceleratorOf, vcpus } from '../hosting/instance-families.ts';

/** What does not go together with instances that go to zero, or with those that stay. */
export function scaleToZeroProblems({ hosting, variants }: DeploymentSettings): string[] {
  if (hosting.mode !== 'realtime') return [];
  const { instances, schedules, scaleToZero } = hosting;
  const problems: string[] = [];
  if (scaleToZero === undefined) {
    const asleep = schedules.filter(({ min }) => min === 0).map(({ name }) => `the schedule "${name}"`);
    for (const bounds of [...(instances.min === 0 ? ['hosting.instances'] : []), ...asleep]) {
      problems.push(
        `${bounds} has a min of 0, and these instances stay. Declare at least 1, or scaleToZero: { memoryMb: … }, or use { mode: 'asynchronous', … }.`,
      );
    }
    return problems;
  }
  if (instances.min > 0) {
    problems.push(
      `hosting.instances.min is ${instances.min}, and hosting.scaleToZero takes the last instance away. Declare 0, or leave scaleToZero out; a schedule may keep instances for a time.`,
    );
  }
  if (hosting.surge !== undefined) {
    problems.push(
      'hosting.surge follows the requests of instances, and with hosting.scaleToZero those of copies count. Leave surge out.',
    );
  }
  if (hosting.scaleIn === 'disabled') {
    problems.push(
      'hosting.scaleIn is "disabled", and hosting.scaleToZero takes instances away. Leave one of them out.',
    );
  }
  if (vcpus(hosting.instanceType) === undefined) {
    problems.push(
      `hosting.instanceType is ${hosting.instanceType}, of which it is not known how many processors a copy may be given. Use a size such as large or 2xlarge.`,
    );
  }
  problems.push(...deviceProblems(hosting.instanceType, scaleToZero));
  for (const { name } of furtherVariants(variants)) {
    problems.push(
      `the variant "${name}" would answer or be asked while the champion's instances are away. Leave the variant out, or hosting.scaleToZero.`,
    );
  }
  return problems;
}

/** A copy computes on the devices that it is given, and on no others. */
function deviceProblems(instanceType: string, { acceleratorDevices }: ScaleToZero): string[] {
  const hasDevices = acceleratorOf(instanceType) !== 'none';
  if (hasDevices && acceleratorDevices === undefined) {
    return [
      `hosting.instanceType is ${instanceType}, and hosting.scaleToZero gives a copy none of its devices. Declare acceleratorDevices: 1, or as many as the instance has.`,
    ];
  }
  if (!hasDevices && acceleratorDevices !== undefined) {
    return [
      `hosting.scaleToZero.acceleratorDevices is ${acceleratorDevices}, and ${instanceType} has none. Leave it out, or use a type such as ml.g5.xlarge.`,
    ];
  }
  return [];
}
