import { beforeAll, describe, expect, it } from 'vitest';
import { PROD } from '../support/environments.ts';
import { ASYNCHRONOUS, artifactModel, deploymentOf } from '../support/models.ts';
import {
  actionsOf,
  flat,
  functionNamed,
  only,
  resourcesOf,
  roleOf,
  statementsOf,
} from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const CHALLENGERS = [{ name: 'ridge', version: '2.1.0', weight: 10, artifact: 'ridge.onnx' }];
const SHADOWS = [{ name: 'forest', version: '2.2.0', artifact: 'forest.onnx' }];
const VARIANTS = ['champion', 'forest', 'ridge'];

const synthesized = (shadows: typeof SHADOWS) =>
  synthesizeModel(
    artifactModel,
    deploymentOf(ASYNCHRONOUS, {
      variants: { champion: { weight: 90 }, challengers: CHALLENGERS, shadows },
    }),
    PROD,
  );

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthesized(SHADOWS);
});

const endpointName = (variant: string) =>
  `furrow-prod-learned-yield-asynchronous-${variant === 'champion' ? '' : `${variant}-`}c6i-large`;

/** What is made of each endpoint of the stack, by its variant. */
function byVariant<T>(type: string, variantOf: (properties: T) => string): Record<string, T> {
  const properties = resourcesOf(stack.model, type).map(({ Properties }) => Properties as T);
  return Object.fromEntries(properties.map((one) => [variantOf(one), one]));
}

describe('the variants of an asynchronous model', () => {
  it('share a bucket, two topics and a queue, and leave their answers in folders of their own', () => {
    const bucket = only(stack.model, 'AWS::S3::Bucket').logicalId;
    const configs = byVariant<{
      ProductionVariants: { VariantName: string }[];
      AsyncInferenceConfig: {
        OutputConfig: { S3OutputPath: unknown; S3FailurePath: unknown; NotificationConfig: unknown };
      };
    }>('AWS::SageMaker::EndpointConfig', (config) => config.ProductionVariants[0]?.VariantName ?? '');
    const outputs = VARIANTS.map((variant) => configs[variant]?.AsyncInferenceConfig.OutputConfig);

    expect(outputs.map((output) => flat(output?.S3OutputPath))).toEqual(
      VARIANTS.map((variant) => `s3://{${bucket}}/outputs/${variant}`),
    );
    expect(outputs.map((output) => flat(output?.S3FailurePath))).toEqual(
      VARIANTS.map((variant) => `s3://{${bucket}}/failures/${variant}`),
    );
    expect(new Set(outputs.map((output) => JSON.stringify(output?.NotificationConfig))).size).toBe(1);
    stack.model.resourceCountIs('AWS::SNS::Topic', 2);
    // Those of the capture and of the notifications, each with its dead letters.
    stack.model.resourceCountIs('AWS::SQS::Queue', 4);
  });

  it('may write their own answers alone', () => {
    const bucket = `{${only(stack.model, 'AWS::S3::Bucket').logicalId}.Arn}`;
    const roles = resourcesOf(stack.model, 'AWS::IAM::Role').filter(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('sagemaker.amazonaws.com'),
    );
    const written = roles.map(({ logicalId }) =>
      statementsOf(stack.model, logicalId)
        .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
        .flatMap(({ Resource }) => [Resource].flat().map(flat)),
    );

    expect(written.sort()).toEqual(
      VARIANTS.map((variant) => [`${bucket}/outputs/${variant}/*`, `${bucket}/failures/${variant}/*`]),
    );
  });

  it('scale each by their own backlog, and are woken each by their own alarm', () => {
    const targets = resourcesOf(stack.model, 'AWS::ApplicationAutoScaling::ScalableTarget').map(
      ({ Properties }) => Properties.ResourceId,
    );
    const tracked = resourcesOf(stack.model, 'AWS::ApplicationAutoScaling::ScalingPolicy').flatMap(
      ({ Properties }) => {
        const tracking = Properties.TargetTrackingScalingPolicyConfiguration as
          | { CustomizedMetricSpecification: { Dimensions: { Value: string }[] } }
          | undefined;
        return tracking?.CustomizedMetricSpecification.Dimensions.map(({ Value }) => Value) ?? [];
      },
    );
    const woken = resourcesOf(stack.model, 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => Properties)
      .filter(({ MetricName }) => MetricName === 'HasBacklogWithoutCapacity')
      .map(({ AlarmName, Dimensions }) => [AlarmName, (Dimensions as { Value: string }[])[0]?.Value]);

    expect(targets.sort()).toEqual(
      VARIANTS.map((variant) => `endpoint/${endpointName(variant)}/variant/${variant}`).sort(),
    );
    expect(tracked.sort()).toEqual(VARIANTS.map(endpointName).sort());
    expect(woken.sort()).toEqual(
      [
        ['furrow-prod-learned-yield-wake-from-zero', endpointName('champion')],
        ['furrow-prod-learned-yield-wake-from-zero-forest', endpointName('forest')],
        ['furrow-prod-learned-yield-wake-from-zero-ridge', endpointName('ridge')],
      ].sort(),
    );
  });

  it('are rolled back on their own failures, a shadow on those of its container alone', () => {
    const endpoints = byVariant<{
      EndpointName: string;
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: { AlarmName: string }[] } };
    }>('AWS::SageMaker::Endpoint', ({ EndpointName }) => EndpointName);
    const alarmsOf = (variant: string) =>
      endpoints[endpointName(variant)]?.DeploymentConfig.AutoRollbackConfiguration.Alarms.map(
        ({ AlarmName }) => AlarmName.replace('furrow-prod-learned-yield-', ''),
      );

    expect(alarmsOf('champion')).toEqual(['endpoint-5xx-errors', 'asynchronous-failures']);
    expect(alarmsOf('ridge')).toEqual(['endpoint-5xx-errors-ridge', 'asynchronous-failures-ridge']);
    expect(alarmsOf('forest')).toEqual(['endpoint-5xx-errors-forest']);
  });
});

describe('the functions of an asynchronous model with variants', () => {
  const tableActions = ({ model }: Synthesized, name: string) =>
    actionsOf(statementsOf(model, roleOf(functionNamed(model, name)))).filter((action) =>
      action.startsWith('dynamodb:'),
    );

  it('may store predictions of shadows where there are shadows', async () => {
    const without = await synthesized([]);

    expect(tableActions(stack, 'complete')).toEqual(['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem']);
    expect(tableActions(without, 'complete')).toEqual(['dynamodb:UpdateItem']);
  });

  it('put each request once, whoever it is for', () => {
    const puts = statementsOf(stack.model, roleOf(functionNamed(stack.model, 'predict'))).filter(
      ({ Action }) => [Action].flat().includes('s3:PutObject'),
    );

    expect(puts).toHaveLength(1);
  });

  it('meet no older postprocessing of a variant than their own', () => {
    const endpoints = resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ logicalId }) => logicalId);

    expect(endpoints).toHaveLength(3);
    expect(functionNamed(stack.model, 'complete').DependsOn).toEqual(expect.arrayContaining(endpoints));
  });
});
