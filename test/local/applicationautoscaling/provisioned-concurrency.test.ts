import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ProvisionedScaling, type ProvisionedSubject } from '../../../lib/hosting/provisioned-scaling.ts';
import { type Subject, simulate, times } from './simulation.ts';

const PROVISIONED = { min: 2, max: 10, targetUtilization: 0.5 };

/** Loads are concurrent invocations; a minute without any reports nothing. */
const used =
  (namespace: string, name: string, dimensions: Record<string, string>): Subject['measure'] =>
  (load, capacity) =>
    load === 0
      ? []
      : [{ namespace, name, dimensions, unit: 'None', value: Math.min(load, capacity) / capacity }];

const SUBJECTS: Record<string, Subject & Omit<ProvisionedSubject, 'resource'>> = {
  'a serverless endpoint': {
    serviceNamespace: 'sagemaker',
    scalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
    metric: 'SageMakerVariantProvisionedConcurrencyUtilization',
    resourceId: 'endpoint/yields/variant/champion',
    startsWith: 2,
    measure: used('AWS/SageMaker', 'ServerlessProvisionedConcurrencyUtilization', {
      EndpointName: 'yields',
      VariantName: 'champion',
    }),
  },
  "a function's alias": {
    serviceNamespace: 'lambda',
    scalableDimension: 'lambda:function:ProvisionedConcurrency',
    metric: 'LambdaProvisionedConcurrencyUtilization',
    resourceId: 'function:predict:live',
    startsWith: 2,
    measure: used('AWS/Lambda', 'ProvisionedConcurrencyUtilization', {
      FunctionName: 'predict',
      Resource: 'predict:live',
    }),
  },
};

describe.each(Object.entries(SUBJECTS))('provisioned concurrency of %s', (_, subject) => {
  const simulated = () =>
    simulate(subject, (stack) => {
      const resource = new Construct(stack, 'Resource');
      new ProvisionedScaling(stack, 'Scaling', { ...subject, resource }, PROVISIONED);
    });

  it('follows its use out, doubling while all of it is used, and in after the cooldown', async () => {
    const { run } = await simulated();

    expect(run(times(6, 4))).toEqual([2, 2, 4, 8, 8, 8]);
    expect(run(times(15, 2))).toEqual([...times(14, 8), 4]);
    expect(run(times(6, 1))).toEqual([4, 4, 4, 4, 2, 2]);
  });

  it('never provisions more than its most', async () => {
    const { run } = await simulated();

    expect(run(times(6, 50))).toEqual([2, 2, 4, 8, 10, 10]);
  });

  it('stays where it is while nothing is asked, as an alarm without data is undecided', async () => {
    const { run } = await simulated();

    expect(run([...times(4, 4), ...times(20, 0)])).toEqual([2, 2, 4, ...times(21, 8)]);
  });
});
