import { describe, expect, it } from 'vitest';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { rolloutProblems } from '../../../lib/validation/rollout-problems.ts';
import { scaleToZeroProblems } from '../../../lib/validation/scale-to-zero-problems.ts';
import { ASYNCHRONOUS, REALTIME, TO_ZERO } from '../support/models.ts';

const settingsOf = (
  hosting: DeploymentOptions['hosting'],
  others: Pick<DeploymentOptions, 'variants' | 'rollout'> = {},
) => settingsFor(defineDeployment({ hosting, objectives: { latencyP95Ms: 300 }, ...others }), 'dev');

const problemsOf = (...settings: Parameters<typeof settingsOf>) =>
  scaleToZeroProblems(settingsOf(...settings));

const schedule = (min: number) => ({ name: 'night', cron: '0 22 ? * * *', min, max: 4 });

describe('instances that go to zero', () => {
  it.each<[string, DeploymentOptions['hosting']]>([
    ['as they are declared', TO_ZERO],
    ['kept by a schedule for a time', { ...TO_ZERO, schedules: [schedule(2)] }],
    [
      'on a GPU',
      { ...TO_ZERO, instanceType: 'ml.g5.xlarge', scaleToZero: { memoryMb: 8192, acceleratorDevices: 1 } },
    ],
    ['in a queue', ASYNCHRONOUS],
    ['never', REALTIME],
  ])('have no problems: %s', (_, hosting) => {
    expect(problemsOf(hosting)).toEqual([]);
  });

  it('are updated all at once, for lack of a part that could go first', () => {
    expect(settingsOf(TO_ZERO).rollout).toEqual({ strategy: 'all-at-once', bakeMinutes: 10 });
    expect(rolloutProblems(settingsOf(TO_ZERO))).toEqual([]);
    expect(rolloutProblems(settingsOf(TO_ZERO, { rollout: { strategy: 'rolling' } }))).toEqual([
      `rollout "rolling" starts with a part of the instances, at most half of them, and there may be only 0. Declare a least of 2 instances, or rollout: { strategy: 'all-at-once' }.`,
    ]);
  });
});

describe('a deployment that contradicts itself', () => {
  it('has a least of zero instances that stay', () => {
    expect(problemsOf({ ...REALTIME, instances: { min: 0, max: 4 }, schedules: [schedule(0)] })).toEqual([
      "hosting.instances has a min of 0, and these instances stay. Declare at least 1, or scaleToZero: { memoryMb: … }, or use { mode: 'asynchronous', … }.",
      `the schedule "night" has a min of 0, and these instances stay. Declare at least 1, or scaleToZero: { memoryMb: … }, or use { mode: 'asynchronous', … }.`,
    ]);
  });

  it('keeps instances that are to go', () => {
    expect(problemsOf({ ...TO_ZERO, instances: { min: 1, max: 4 } })).toEqual([
      'hosting.instances.min is 1, and hosting.scaleToZero takes the last instance away. Declare 0, or leave scaleToZero out; a schedule may keep instances for a time.',
    ]);
    expect(problemsOf({ ...TO_ZERO, scaleIn: 'disabled' })).toEqual([
      'hosting.scaleIn is "disabled", and hosting.scaleToZero takes instances away. Leave one of them out.',
    ]);
  });

  it('follows surges of instances where copies are counted', () => {
    expect(problemsOf({ ...TO_ZERO, surge: {} })).toEqual([
      'hosting.surge follows the requests of instances, and with hosting.scaleToZero those of copies count. Leave surge out.',
    ]);
  });

  it('has a size of which nobody knows what a copy may be given', () => {
    expect(problemsOf({ ...TO_ZERO, instanceType: 'ml.c6i.metal' })).toEqual([
      'hosting.instanceType is ml.c6i.metal, of which it is not known how many processors a copy may be given. Use a size such as large or 2xlarge.',
    ]);
  });

  it('gives a copy no device of an instance that has some, or one of an instance that has none', () => {
    expect(problemsOf({ ...TO_ZERO, instanceType: 'ml.g5.xlarge' })).toEqual([
      'hosting.instanceType is ml.g5.xlarge, and hosting.scaleToZero gives a copy none of its devices. Declare acceleratorDevices: 1, or as many as the instance has.',
    ]);
    expect(problemsOf({ ...TO_ZERO, scaleToZero: { memoryMb: 1024, acceleratorDevices: 1 } })).toEqual([
      'hosting.scaleToZero.acceleratorDevices is 1, and ml.c6i.large has none. Leave it out, or use a type such as ml.g5.xlarge.',
    ]);
  });

  it('has variants beside a champion that may be away', () => {
    const variants = {
      champion: { weight: 9 },
      challengers: [{ name: 'second', version: '2.1.0', weight: 1, artifact: 'second.onnx' }],
    };

    expect(problemsOf(TO_ZERO, { variants })).toEqual([
      `the variant "second" would answer or be asked while the champion's instances are away. Leave the variant out, or hosting.scaleToZero.`,
    ]);
  });

  it.each([{ memoryMb: 127 }, { memoryMb: 1024, acceleratorDevices: 0 }, {}])(
    'declares what SageMaker does not take: %j',
    (scaleToZero) => {
      expect(() => settingsOf({ ...TO_ZERO, scaleToZero: scaleToZero as { memoryMb: number } })).toThrow(
        'hosting.scaleToZero.',
      );
    },
  );
});
