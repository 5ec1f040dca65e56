import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { InstanceScaling } from '../../../lib/hosting/instance-scaling.ts';
import { type Subject, simulate, times } from './simulation.ts';

type Realtime = Extract<DeploymentOptions['hosting'], { mode: 'realtime' }>;

/** 600 requests a minute were measured to be an instance's limit: the target is 420. */
const HOSTING: Realtime = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 2, max: 12 },
  requestsPerSecondPerInstance: 10,
};

const VARIANT: Subject = {
  scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  resourceId: 'endpoint/yields/variant/champion',
  startsWith: 2,
  measure: (load, capacity) => [
    {
      namespace: 'AWS/SageMaker',
      name: 'InvocationsPerInstance',
      dimensions: { EndpointName: 'yields', VariantName: 'champion' },
      unit: 'Count',
      value: load / capacity,
    },
  ],
};

/** Loads are requests a minute to the whole endpoint; the scaling is the one that a deployment gets. */
const simulated = (hosting: Partial<Realtime> = {}, subject: Partial<Subject> = {}) =>
  simulate({ ...VARIANT, ...subject }, (stack) => {
    const { hosting: settings } = settingsFor(
      defineDeployment({ hosting: { ...HOSTING, ...hosting }, objectives: { latencyP95Ms: 300 } }),
      'dev',
    );
    if (settings.mode !== 'realtime') throw new Error('this is about instances');
    new InstanceScaling(stack, 'Scaling', {
      endpointName: 'yields',
      variantName: 'champion',
      endpoint: new Construct(stack, 'Endpoint'),
      hosting: settings,
    });
  });

describe('target tracking on invocations per instance', () => {
  it('scales out after three minutes above the target, and in after fifteen below 90 % of it', async () => {
    const { run } = await simulated();

    // 300, 400 and 200 per instance where there are 2, 4 and 4.
    expect(run(times(3, 600))).toEqual([2, 2, 2]);
    expect(run(times(5, 1600))).toEqual([2, 2, 4, 4, 4]);
    expect(run(times(16, 800))).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 2, 2]);
  });

  it('does nothing between 90 % of the target and the target', async () => {
    const { run } = await simulated({ instances: { min: 1, max: 12 } });

    expect(run(times(20, 2 * 400))).toEqual(times(20, 2));
  });

  it('begins to count anew where one minute is not above the target', async () => {
    const { run } = await simulated();

    expect(run([1600, 1600, 800, 1600, 1600, 1600])).toEqual([2, 2, 2, 2, 2, 4]);
  });

  it('never leaves the bounds', async () => {
    const { run } = await simulated({ instances: { min: 2, max: 5 } });

    expect(run(times(5, 6000))).toEqual([2, 2, 5, 5, 5]);
    expect(run(times(16, 0))).toEqual([...times(14, 5), 2, 2]);
  });

  it('waits for the cooldown between one scale-in and the next', async () => {
    const { run } = await simulated({}, { startsWith: 12 });

    // Down to what 3,000 need; two minutes later the load has gone, but the highest of fifteen minutes is the old one
    // until it has left the window.
    expect(run(times(17, 3000))).toEqual([...times(14, 12), 8, 8, 8]);
    expect(run(times(17, 420))).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 2, 2, 2]);
  });

  it('scales in again as soon as the cooldown is over where the load goes on falling', async () => {
    const { run } = await simulated({ scaleInCooldownSeconds: 240 }, { startsWith: 12 });

    expect(run(times(14, 3000))).toEqual(times(14, 12));
    expect(run(times(10, 1500))).toEqual([8, 8, 8, 8, 5, 5, 5, 5, 4, 4]);
  });

  it('counts what a scale-out within the cooldown has added', async () => {
    const { run } = await simulated({ scaleOutCooldownSeconds: 300 });

    // 4 are asked for by 800 per instance. Before the cooldown is over, 450 on each of the 4 would be 3 of the 2 it began with: nothing is added.
    expect(run(times(3, 1600))).toEqual([2, 2, 4]);
    expect(run(times(6, 1800))).toEqual([4, 4, 4, 4, 5, 5]);
  });

  it('stays undecided without data', async () => {
    const { run } = await simulated({}, { startsWith: 6, measure: () => [] });

    expect(run(times(20, 0))).toEqual(times(20, 6));
  });

  it('never scales in where that is disabled', async () => {
    const { run } = await simulated({ scaleIn: 'disabled' });

    expect(run([...times(3, 1600), ...times(20, 0)])).toEqual([2, 2, ...times(21, 4)]);
  });
});

describe('step scaling in a surge', () => {
  it('adds at once what the load needs, by how far it is above the target', async () => {
    const surge = { timesTarget: 1.5 };
    // The surge begins at 630 per instance; the steps end at 840 and 1,260.
    const counts = [629, 630, 839, 840, 1259, 1260, 5000].map(async (perInstance) => {
      const { run } = await simulated({ surge });
      return run([2 * perInstance]).at(-1);
    });

    expect(await Promise.all(counts)).toEqual([2, 4, 4, 6, 6, 9, 9]);
  });

  it('comes before target tracking, which takes the instances away again', async () => {
    const { run } = await simulated({ surge: {} });

    expect(run(times(2, 700))).toEqual([2, 2]);
    expect(run(times(4, 3000))).toEqual([9, 9, 9, 9]);
    expect(run(times(17, 700))).toEqual([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 8, 8, 8, 8, 8, 2]);
  });
});

describe('a schedule', () => {
  it('moves the bounds by the clock of its place', async () => {
    // The clock begins on Thursday, 1 January 2026, at midnight UTC: 01:00 in Zurich.
    const { run } = await simulated({
      schedules: [
        { name: 'early', cron: '3 1 ? * MON-FRI *', timeZone: 'Europe/Zurich', min: 5, max: 8 },
        { name: 'late', cron: '6 1 ? * THU *', timeZone: 'Europe/Zurich', min: 1, max: 3 },
        { name: 'weekend', cron: '8 1 ? * SAT,SUN *', timeZone: 'Europe/Zurich', min: 10, max: 10 },
        { name: 'elsewhere', cron: '4 0 ? * * *', timeZone: 'America/New_York', min: 10, max: 10 },
      ],
    });

    expect(run(times(9, 840))).toEqual([2, 2, 5, 5, 5, 3, 3, 3, 3]);
  });
});

describe('registration', () => {
  it('brings the capacity between the bounds', async () => {
    const { run } = await simulated({ instances: { min: 3, max: 4 } }, { startsWith: 1 });

    expect(run([0])).toEqual([3]);
  });
});
