import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { PRIVATE, PROD } from '../support/environments.ts';
import { artifactModel, deploymentOf, REALTIME, TO_ZERO } from '../support/models.ts';
import { flat, functionNamed, only, resourcesOf, roleOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const NAME = 'furrow-prod-learned-yield-realtime-c6i-large-zero';

describe('a realtime endpoint that goes to zero', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(TO_ZERO), PROD);
  });

  it('holds no model of its own, and lets SageMaker take every instance away', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      EnableNetworkIsolation: true,
      ExecutionRoleArn: Match.anyValue(),
      ProductionVariants: [
        {
          VariantName: 'champion',
          ModelName: Match.absent(),
          InstanceType: 'ml.c6i.large',
          InitialInstanceCount: 1,
          ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 0, MaxInstanceCount: 6 },
        },
      ],
    });
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      EndpointName: NAME,
      DeploymentConfig: Match.absent(),
    });
  });

  it('has the model as a component, of which one copy fits on an instance and gives up if it does not start', () => {
    const model = only(stack.model, 'AWS::SageMaker::Model');

    expect(model.Properties.EnableNetworkIsolation).toBe(true);
    expect(only(stack.model, 'AWS::SageMaker::InferenceComponent').Properties).toEqual({
      InferenceComponentName: NAME,
      EndpointName: {
        'Fn::GetAtt': [only(stack.model, 'AWS::SageMaker::Endpoint').logicalId, 'EndpointName'],
      },
      VariantName: 'champion',
      Specification: {
        ModelName: { 'Fn::GetAtt': [model.logicalId, 'ModelName'] },
        ComputeResourceRequirements: { MinMemoryRequiredInMb: 1024, NumberOfCpuCoresRequired: 1.5 },
        StartupParameters: {
          ContainerStartupHealthCheckTimeoutInSeconds: 300,
          ModelDataDownloadTimeoutInSeconds: 300,
        },
      },
      RuntimeConfig: { CopyCount: 1 },
    });
  });

  it('gives a copy the devices that it needs, and the time that the deployment gives it', async () => {
    const scaleToZero = { memoryMb: 8192, acceleratorDevices: 2 };
    const hosting = { ...TO_ZERO, instanceType: 'ml.g5.12xlarge', scaleToZero, startupTimeoutSeconds: 1200 };
    const { model } = await synthesizeModel(artifactModel, deploymentOf(hosting), PROD);

    model.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
      Specification: {
        StartupParameters: {
          ContainerStartupHealthCheckTimeoutInSeconds: 1200,
          ModelDataDownloadTimeoutInSeconds: 1200,
        },
        ComputeResourceRequirements: {
          MinMemoryRequiredInMb: 8192,
          NumberOfCpuCoresRequired: 36,
          NumberOfAcceleratorDevicesRequired: 2,
        },
      },
    });
    // Its disks are NVMe, for which SageMaker takes no key.
    model.hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: Match.absent() });
  });

  it('takes its last copy away, and wakes at the first request', () => {
    const target = only(stack.model, 'AWS::ApplicationAutoScaling::ScalableTarget');
    expect(target.Properties).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ResourceId: `inference-component/${NAME}`,
      MinCapacity: 0,
      MaxCapacity: 6,
    });
    expect(target.DependsOn).toEqual([only(stack.model, 'AWS::SageMaker::InferenceComponent').logicalId]);
    stack.model.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 100 * 60 * 0.7,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy',
        },
      },
    });
    const wake = resourcesOf(stack.model, 'AWS::ApplicationAutoScaling::ScalingPolicy').find(
      ({ Properties }) => Properties.PolicyType === 'StepScaling',
    );
    expect(wake?.Properties.StepScalingPolicyConfiguration).toMatchObject({
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    });
    stack.model.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [{ Name: 'InferenceComponentName', Value: NAME }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: wake?.logicalId }],
    });
  });

  it.each(['predict', 'health'])('tells %s which component to ask, and lets it', (name) => {
    const fn = functionNamed(stack.model, name);
    const { Variables } = fn.Properties.Environment as { readonly Variables: object };
    const invoke = statementsOf(stack.model, roleOf(fn)).find(
      ({ Action }) => Action === 'sagemaker:InvokeEndpoint',
    );

    expect(Variables).toMatchObject({ ENDPOINT_NAME: NAME, INFERENCE_COMPONENT_NAME: NAME });
    expect([invoke?.Resource].flat().map(flat)).toEqual(
      ['endpoint', 'inference-component'].map(
        (kind) => `arn:{AWS::Partition}:sagemaker:{AWS::Region}:{AWS::AccountId}:${kind}/${NAME}`,
      ),
    );
  });

  it('is there when a deployment asks golden predictions, which has the time to wake it', () => {
    const verification = only(stack.model, 'Custom::FurrowVerification');

    expect(verification.DependsOn).toContain(
      only(stack.model, 'AWS::SageMaker::InferenceComponent').logicalId,
    );
    expect(functionNamed(stack.model, 'verify').Properties.Timeout).toBe(900);
    expect(verification.Properties.ServiceTimeout).toBe(960);
  });

  it('has the functions wait for the component, not only for the endpoint', () => {
    expect(functionNamed(stack.model, 'predict').DependsOn).toContain(
      only(stack.model, 'AWS::SageMaker::InferenceComponent').logicalId,
    );
  });

  it('keeps its log and its metrics where SageMaker has those of components', () => {
    const logs = resourcesOf(stack.model, 'AWS::Logs::LogGroup').map(
      ({ Properties }) => Properties.LogGroupName,
    );
    const role = resourcesOf(stack.model, 'AWS::IAM::Role').find(({ logicalId }) =>
      logicalId.startsWith('EndpointModelRole'),
    );
    const report = statementsOf(stack.model, role?.logicalId ?? '').find(
      ({ Sid }) => Sid === 'ReportMetrics',
    );

    expect(logs).toContain(`/aws/sagemaker/InferenceComponents/${NAME}`);
    expect(flat(only(stack.model, 'AWS::KMS::Key').Properties.KeyPolicy)).toContain(
      'log-group:/aws/sagemaker/InferenceComponents/furrow-prod-learned-yield-*',
    );
    expect(report?.Condition).toEqual({
      StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/InferenceComponents'] },
    });
  });

  it('is watched by its component, and pages nobody for what is asked while it wakes', () => {
    const alarms = resourcesOf(stack.model, 'AWS::CloudWatch::Alarm');
    const named = (suffix: string) =>
      alarms.find(({ Properties }) => String(Properties.AlarmName).endsWith(suffix))?.Properties;

    for (const kind of ['endpoint-5xx-errors', 'endpoint-4xx-errors', 'endpoint-latency']) {
      expect(named(kind)?.Dimensions).toEqual([{ Name: 'InferenceComponentName', Value: NAME }]);
    }
    expect(flat(named('api-5xx-rate')?.AlarmActions)).toContain(':furrow-prod-ticket');
  });

  it('is another endpoint than the one whose instances stay', async () => {
    const { model } = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PROD);

    expect(only(model, 'AWS::SageMaker::Endpoint').Properties.EndpointName).toBe(NAME.replace('-zero', ''));
    model.resourceCountIs('AWS::SageMaker::InferenceComponent', 0);
    const alarm = resourcesOf(model, 'AWS::CloudWatch::Alarm').find(
      ({ Properties }) => Properties.AlarmName === 'furrow-prod-learned-yield-api-5xx-rate',
    );
    expect(flat(alarm?.Properties.AlarmActions)).toContain(':furrow-prod-page');
  });

  it('has its instances in the network of its environment', async () => {
    const { model } = await synthesizeModel(artifactModel, deploymentOf(TO_ZERO), PRIVATE);
    const vpc = only(model, 'AWS::SageMaker::Model').Properties.VpcConfig;

    expect(vpc).toMatchObject({ Subnets: { Ref: expect.stringMatching(/^NetworkSubnets/) } });
    expect(only(model, 'AWS::SageMaker::EndpointConfig').Properties.VpcConfig).toEqual(vpc);
  });
});
