import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { CopyScaling } from '../../../lib/hosting/copy-scaling.ts';
import { type Subject, simulate, times } from './simulation.ts';

type Realtime = Extract<DeploymentOptions['hosting'], { mode: 'realtime' }>;

/** 600 requests a minute were measured to be the limit: the target is 420. */
const HOSTING: Realtime = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 0, max: 4 },
  requestsPerSecondPerInstance: 10,
  scaleToZero: { memoryMb: 1024 },
};

const datum = (name: string, value: number) => ({
  namespace: 'AWS/SageMaker',
  name,
  dimensions: { InferenceComponentName: 'yields' },
  unit: 'Count',
  value,
});

/** A component that is asked so often in a minute, as SageMaker reports it: what finds no copy is counted apart. */
const COMPONENT: Subject = {
  scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
  resourceId: 'inference-component/yields',
  startsWith: 1,
  measure: (load, copies) => {
    if (copies > 0) return [datum('InvocationsPerCopy', load / copies)];
    return load > 0 ? [datum('NoCapacityInvocationFailures', load)] : [];
  },
};

/** Loads are requests a minute; the scaling is the one that a deployment gets. */
const simulated = (hosting: Partial<Realtime> = {}, subject: Partial<Subject> = {}) =>
  simulate({ ...COMPONENT, ...subject }, (stack) => {
    const { hosting: settings } = settingsFor(
      defineDeployment({ hosting: { ...HOSTING, ...hosting }, objectives: { latencyP95Ms: 300 } }),
      'dev',
    );
    if (settings.mode !== 'realtime') throw new Error('this is about instances');
    new CopyScaling(stack, 'Scaling', {
      componentName: 'yields',
      component: new Construct(stack, 'Component'),
      hosting: settings,
      wakeAlarmName: 'wake',
    });
  });

describe('scaling the copies of a model', () => {
  it('is emulated whole', async () => {
    expect((await simulated()).notEmulated).toEqual([]);
  });

  it('goes to zero after fifteen minutes without requests, and wakes within a minute of the first', async () => {
    const { run } = await simulated();

    expect(run(times(17, 0))).toEqual([...times(14, 1), 0, 0, 0]);
    expect(run(times(10, 0))).toEqual(times(10, 0));
    expect(run([1, 0, 0])).toEqual([1, 1, 1]);
    // Two of its fifteen quiet minutes are over.
    expect(run(times(14, 0))).toEqual([...times(12, 1), 0, 0]);
  });

  it('keeps a copy as long as it is asked once in a while', async () => {
    const { run } = await simulated();

    expect(run(times(30, 1))).toEqual(times(30, 1));
  });

  it('wakes with one copy, however many ask, and then follows the load', async () => {
    const { run } = await simulated();
    run(times(15, 0));

    // 1,260 a minute are the load of three, which three minutes have to show.
    expect(run(times(6, 1260))).toEqual([1, 1, 1, 3, 3, 3]);
    expect(run(times(16, 420))).toEqual([...times(14, 3), 1, 1]);
    expect(run(times(16, 0))).toEqual([...times(14, 1), 0, 0]);
  });

  it('asks for one copy only while the first is still starting, and for another after five minutes', async () => {
    const starting: Partial<Subject> = {
      startsWith: 0,
      measure: (load) => [datum('NoCapacityInvocationFailures', load)],
    };
    const { run } = await simulated({}, starting);

    expect(run(times(7, 3))).toEqual([...times(5, 1), 2, 2]);
  });

  it('stays awake, and wakes, by the clock', async () => {
    // The clock begins at midnight UTC.
    const { run } = await simulated({
      schedules: [
        { name: 'morning', cron: '20 0 * * ? *', min: 2, max: 4 },
        { name: 'evening', cron: '40 0 * * ? *', min: 0, max: 4 },
      ],
    });

    expect(run(times(20, 0))).toEqual([...times(14, 1), ...times(5, 0), 2]);
    expect(run(times(19, 0))).toEqual(times(19, 2));
    expect(run(times(2, 0))).toEqual([0, 0]);
  });
});
