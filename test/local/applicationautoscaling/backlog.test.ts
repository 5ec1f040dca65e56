import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  type DeploymentOptions,
  defineDeployment,
  settingsFor,
} from '../../../contract/deployment/deployment.ts';
import { BacklogScaling } from '../../../lib/hosting/backlog-scaling.ts';
import { type Subject, simulate, times } from './simulation.ts';

type Asynchronous = Extract<DeploymentOptions['hosting'], { mode: 'asynchronous' }>;

/** An instance is to have five requests, waiting or worked on. */
const HOSTING: Asynchronous = {
  mode: 'asynchronous',
  instanceType: 'ml.c6i.large',
  instances: { max: 4 },
  backlogPerInstance: 5,
  timeoutSeconds: 300,
};

const datum = (name: string, value: number) => ({
  namespace: 'AWS/SageMaker',
  name,
  dimensions: { EndpointName: 'photos' },
  unit: 'Count',
  value,
});

/** A queue of so many requests, as SageMaker reports it: by instance only where there is one. */
const QUEUE: Subject = {
  scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  resourceId: 'endpoint/photos/variant/champion',
  startsWith: 1,
  measure: (load, capacity) => [
    ...(capacity > 0 ? [datum('ApproximateBacklogSizePerInstance', load / capacity)] : []),
    datum('HasBacklogWithoutCapacity', load > 0 && capacity === 0 ? 1 : 0),
  ],
};

/** Loads are what waits and is worked on; the scaling is the one that a deployment gets. */
const simulated = (hosting: Partial<Asynchronous> = {}) =>
  simulate(QUEUE, (stack) => {
    const { hosting: settings } = settingsFor(
      defineDeployment({ hosting: { ...HOSTING, ...hosting }, objectives: { latencyP95Ms: 300 } }),
      'dev',
    );
    if (settings.mode !== 'asynchronous') throw new Error('this is about queues');
    new BacklogScaling(stack, 'Scaling', {
      endpointName: 'photos',
      variantName: 'champion',
      endpoint: new Construct(stack, 'Endpoint'),
      hosting: settings,
      wakeAlarmName: 'wake',
    });
  });

describe('scaling on the backlog', () => {
  it('is emulated whole', async () => {
    expect((await simulated()).notEmulated).toEqual([]);
  });

  it('goes to zero after fifteen minutes of nothing, stays there, wakes after two minutes of waiting', async () => {
    const { run } = await simulated();

    expect(run(times(16, 0))).toEqual([...times(14, 1), 0, 0]);
    expect(run(times(10, 0))).toEqual(times(10, 0));
    expect(run(times(3, 2))).toEqual([0, 1, 1]);
    // The work is done: back to zero once fifteen minutes have been below the target, with the new instance's own.
    expect(run(times(17, 0))).toEqual([...times(14, 1), 0, 0, 0]);
  });

  it('scales out by what waits, from zero too, and in again when it is done', async () => {
    const { run } = await simulated();
    run(times(15, 0));

    // Woken with one; then 18 requests are the load of four.
    expect(run(times(6, 18))).toEqual([0, 1, 1, 1, 4, 4]);
    expect(run(times(3, 9))).toEqual([4, 4, 4]);
    // 9 waiting are the load of two. Fifteen minutes later none is left of them, nor of the instances; one goes before,
    // because the highest of those minutes, 2.25, was what four had.
    expect(run(times(12, 9))).toEqual([...times(11, 4), 2]);
    expect(run(times(18, 0))).toEqual([...times(4, 2), ...times(10, 1), 0, 0, 0, 0]);
  });

  it('never goes to zero where one is to stay, and has no wake policy to do so', async () => {
    const { run } = await simulated({ instances: { min: 1, max: 2 } });

    expect(run(times(20, 0))).toEqual(times(20, 1));
    expect(run(times(5, 100))).toEqual([1, 1, 2, 2, 2]);
  });
});
