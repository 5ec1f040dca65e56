import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import { DEV, PROD } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
import { flat, functionNamed, only, resourcesOf } from '../support/resources.ts';
import { synthesizeModel } from '../support/stack.ts';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';

const synthesized = async (hosting: DeploymentOptions['hosting']) =>
  (
    await synthesizeModel(
      hosting.mode === 'lambda' ? computedModel : artifactModel,
      deploymentOf(hosting, { rollout: { strategy: 'all-at-once' } }),
      DEV,
    )
  ).model;

describe('provisioned concurrency of a serverless endpoint', () => {
  it('starts with the least and follows its use', async () => {
    const stack = await synthesized({ ...SERVERLESS, provisionedConcurrency: { min: 2, max: 5 } });

    stack.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ ServerlessConfig: { MaxConcurrency: 7, ProvisionedConcurrency: 2 } }],
    });
    expect(only(stack, TARGET)).toMatchObject({
      Properties: {
        ServiceNamespace: 'sagemaker',
        ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
        ResourceId: `endpoint/${only(stack, 'AWS::SageMaker::Endpoint').Properties.EndpointName}/variant/champion`,
        MinCapacity: 2,
        MaxCapacity: 5,
      },
      DependsOn: [only(stack, 'AWS::SageMaker::Endpoint').logicalId],
    });
    stack.hasResourceProperties(POLICY, {
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: only(stack, TARGET).logicalId },
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.7,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerVariantProvisionedConcurrencyUtilization',
        },
      },
    });
  });
});

describe('provisioned concurrency of a function', () => {
  it('is on an alias that alone answers predictions, and follows its use', async () => {
    const stack = await synthesized({
      mode: 'lambda',
      provisionedConcurrency: { min: 3, max: 20, targetUtilization: 0.5 },
    });
    const predict = functionNamed(stack, 'predict').logicalId;
    const [alias, ...others] = resourcesOf(stack, 'AWS::Lambda::Alias').filter(
      ({ Properties }) => flat(Properties.FunctionName) === `{${predict}}`,
    );

    if (alias === undefined || others.length > 0) throw new Error('predict has not one alias');
    expect(alias.Properties).toMatchObject({
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
    });
    expect(only(stack, TARGET)).toMatchObject({
      Properties: {
        ServiceNamespace: 'lambda',
        ScalableDimension: 'lambda:function:ProvisionedConcurrency',
        MinCapacity: 3,
        MaxCapacity: 20,
      },
      DependsOn: expect.arrayContaining([alias.logicalId]),
    });
    expect(flat(only(stack, TARGET).Properties.ResourceId)).toBe(`function:{${predict}}:live`);
    stack.hasResourceProperties(POLICY, {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.5,
        PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
      },
    });
    const uris = resourcesOf(stack, 'AWS::ApiGateway::Method').map(({ Properties }) =>
      flat((Properties.Integration as { readonly Uri?: unknown }).Uri ?? ''),
    );
    expect(uris.filter((uri) => uri.includes(alias.logicalId))).toHaveLength(1);
    expect(uris.filter((uri) => uri.includes(predict))).toEqual([]);
  });

  it('is not there where it is not declared', async () => {
    const stack = await synthesized({ mode: 'lambda', reservedConcurrency: 40 });

    for (const { Properties } of resourcesOf(stack, 'AWS::Lambda::Alias'))
      expect(Properties).not.toHaveProperty('ProvisionedConcurrencyConfig');
    stack.resourceCountIs(TARGET, 0);
    expect(functionNamed(stack, 'predict').Properties.ReservedConcurrentExecutions).toBe(40);
    expect(functionNamed(stack, 'health').Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });
});

describe('instances', () => {
  it('jump in a surge, by steps derived from the target', async () => {
    const stack = await synthesized({ ...REALTIME, surge: { timesTarget: 1.5 } });
    const surge = resourcesOf(stack, POLICY).find(({ Properties }) => Properties.PolicyName === 'surge');

    // The target is 4,200 invocations a minute: a surge begins at 6,300.
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SageMaker',
      MetricName: 'InvocationsPerInstance',
      Dimensions: [
        { Name: 'EndpointName', Value: 'furrow-dev-learned-yield-realtime-c6i-large' },
        { Name: 'VariantName', Value: 'champion' },
      ],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 6300,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: surge?.logicalId }],
    });
    expect(surge?.Properties).toMatchObject({
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'PercentChangeInCapacity',
        MinAdjustmentMagnitude: 1,
        Cooldown: 60,
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 2100, ScalingAdjustment: 100 },
          { MetricIntervalLowerBound: 2100, MetricIntervalUpperBound: 6300, ScalingAdjustment: 200 },
          { MetricIntervalLowerBound: 6300, ScalingAdjustment: 350 },
        ],
      },
    });
  });

  it('have bounds that change by the clock of a place', async () => {
    const stack = await synthesized({
      ...REALTIME,
      schedules: [
        { name: 'morning', cron: '0 7 ? * MON-FRI *', timeZone: 'Europe/Zurich', min: 4, max: 6 },
        { name: 'evening', cron: '0 19 * * ? *', min: 2, max: 3 },
      ],
    });

    expect(only(stack, TARGET).Properties.ScheduledActions).toEqual([
      {
        ScheduledActionName: 'morning',
        Schedule: 'cron(0 7 ? * MON-FRI *)',
        Timezone: 'Europe/Zurich',
        ScalableTargetAction: { MinCapacity: 4, MaxCapacity: 6 },
      },
      {
        ScheduledActionName: 'evening',
        Schedule: 'cron(0 19 * * ? *)',
        Timezone: 'UTC',
        ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 3 },
      },
    ]);
  });

  it.each([
    ['disabled', true],
    ['enabled', Match.absent()],
  ] as const)('are taken away again unless that is disabled: %s', async (scaleIn, DisableScaleIn) => {
    const stack = await synthesized({ ...REALTIME, scaleIn });

    stack.hasResourceProperties(POLICY, { TargetTrackingScalingPolicyConfiguration: { DisableScaleIn } });
  });

  it('of a GPU family have the storage that their type brings, others what is declared', async () => {
    const gpu = await synthesized({ ...REALTIME, instanceType: 'ml.g5.xlarge' });
    const sized = await synthesized({ ...REALTIME, volumeGb: 64 });

    gpu.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ InstanceType: 'ml.g5.xlarge', VolumeSizeInGB: Match.absent() }],
    });
    sized.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ VolumeSizeInGB: 64 }],
    });
  });

  it('of another type are another endpoint, which no registered variant has to become', async () => {
    const resourceIds = await Promise.all(
      ['ml.c6i.large', 'ml.g4dn.12xlarge'].map(async (instanceType) => {
        const stack = await synthesized({ ...REALTIME, instanceType });
        const { EndpointName } = only(stack, 'AWS::SageMaker::Endpoint').Properties;
        expect(only(stack, TARGET).Properties.ResourceId).toBe(`endpoint/${EndpointName}/variant/champion`);
        return EndpointName;
      }),
    );

    expect(resourceIds).toEqual([
      'furrow-dev-learned-yield-realtime-c6i-large',
      'furrow-dev-learned-yield-realtime-g4dn-12xlarge',
    ]);
  });
});

describe('a rollout', () => {
  const configOf = async (rollout: DeploymentOptions['rollout']) => {
    const { model } = await synthesizeModel(artifactModel, deploymentOf(REALTIME, { rollout }), PROD);
    return only(model, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig as Record<string, unknown>;
  };
  const rollback = {
    Alarms: ['5xx-errors', 'latency'].map((name) => ({
      AlarmName: `furrow-prod-learned-yield-endpoint-${name}`,
    })),
  };

  it('moves the traffic in steps of the same size', async () => {
    expect(await configOf({ strategy: 'linear', percent: 25, bakeMinutes: 5 })).toEqual({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'LINEAR',
          LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 },
          WaitIntervalInSeconds: 300,
        },
        TerminationWaitInSeconds: 120,
        // An hour, and four steps of five minutes.
        MaximumExecutionTimeoutInSeconds: 4800,
      },
      AutoRollbackConfiguration: rollback,
    });
  });

  it('replaces instances in batches, without a second fleet', async () => {
    expect(await configOf({ strategy: 'rolling', maxBatchPercent: 50, bakeMinutes: 10 })).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
        WaitIntervalInSeconds: 600,
        MaximumExecutionTimeoutInSeconds: 4800,
      },
      AutoRollbackConfiguration: rollback,
    });
  });
});
