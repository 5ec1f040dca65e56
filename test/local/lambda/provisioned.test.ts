import { Alias, type IVersion } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Capacity, capacityOf } from '../../../local/core/plugin/capacity.ts';
import { type Fixture, inlineFunction, startFixture } from './fixture.ts';

let fixture: Fixture;
let provisioned: Capacity;

beforeAll(async () => {
  fixture = await startFixture((stack) => {
    const fn = inlineFunction(stack, 'Predict', 'return process.pid;', {
      functionName: 'predict',
    });
    new Alias(stack, 'Live', {
      aliasName: 'live',
      version: fn.currentVersion as IVersion,
      provisionedConcurrentExecutions: 2,
    });
  });
  const found = capacityOf(
    fixture.services,
    'lambda:function:ProvisionedConcurrency',
    'function:predict:live',
  );
  if (found === undefined) throw new Error('the alias offers no capacity');
  provisioned = found;
});
afterAll(() => fixture.close());

const environments = () => fixture.localLambda.processes().filter(({ name }) => name === 'predict:1');
const eventually = (count: number) => vi.waitFor(() => expect(environments()).toHaveLength(count), 15_000);

describe('provisioned concurrency of an alias', () => {
  it('has execution environments ready before anybody asks', async () => {
    await eventually(2);
    const { payload } = await fixture.lambda.invoke('predict:live', {});
    expect(environments().map(({ pid }) => pid)).toContain(payload);
  });

  it('changes, and shows how much of it is in use', async () => {
    await fixture.lambda.invoke('predict:live', {});
    provisioned.change(1);
    await eventually(1);
    await fixture.lambda.invoke('predict:live', {});
    await fixture.lambda.invoke('predict', {});

    const data = fixture.recorded.of('AWS/Lambda', 'ProvisionedConcurrencyUtilization', {
      FunctionName: 'predict',
      Resource: 'predict:live',
    });
    expect(data.slice(-2).map(({ value }) => value)).toEqual([0.5, 1]);
    expect(provisioned.current).toBe(1);
  });

  it('counts beyond the environments that a laptop has ready', async () => {
    provisioned.change(50);

    expect(provisioned.current).toBe(50);
    await eventually(3);
  });
});
