import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEV, PROD } from '../support/environments.ts';
import { artifactModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
import { flat, only, resourcesOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const ALARMS = [
  'furrow-prod-learned-yield-endpoint-5xx-errors',
  'furrow-prod-learned-yield-endpoint-latency',
];

describe('a serverless endpoint', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV);
  });

  it('has the memory and the concurrency of the deployment, and no instances', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [
        {
          VariantName: 'champion',
          InitialVariantWeight: 1,
          ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 7 },
          InstanceType: Match.absent(),
          InitialInstanceCount: Match.absent(),
        },
      ],
    });
  });

  it('has nothing that SageMaker refuses for serverless', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Model', {
      EnableNetworkIsolation: false,
      VpcConfig: Match.absent(),
    });
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: Match.absent(),
      RetainAllVariantProperties: Match.absent(),
    });
    stack.model.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });
});

describe('an endpoint with a new content', () => {
  const asking = ({ model }: Synthesized) =>
    resourcesOf(model, 'AWS::IAM::Policy')
      .filter(({ Properties }) => JSON.stringify(Properties).includes('sagemaker:InvokeEndpoint'))
      .map(({ logicalId }) => logicalId);
  const nameOf = ({ model }: Synthesized) => only(model, 'AWS::SageMaker::Endpoint').Properties.EndpointName;

  it('is another one on serverless, whose old one the old version of the function may go on asking', async () => {
    const [before, after] = await Promise.all(
      ([3072, 4096] as const).map((memoryMb) =>
        synthesizeModel(artifactModel, deploymentOf({ ...SERVERLESS, memoryMb }), DEV),
      ),
    );
    if (before === undefined || after === undefined) throw new Error('two were synthesized');

    expect(nameOf(before)).toMatch(/^furrow-dev-learned-yield-serverless-[0-9a-f]{8}$/);
    expect(nameOf(after)).not.toBe(nameOf(before));
    // CloudFormation deletes the old policies, with the old endpoint, when everything else is done.
    expect(asking(before)).toHaveLength(2);
    expect(asking(after).filter((id) => asking(before).includes(id))).toEqual([]);
  });

  it('stays the same on serverless for another capacity', async () => {
    const [before, after] = await Promise.all(
      [7, 12].map((maxConcurrency) =>
        synthesizeModel(artifactModel, deploymentOf({ ...SERVERLESS, maxConcurrency }), DEV),
      ),
    );
    if (before === undefined || after === undefined) throw new Error('two were synthesized');

    expect(nameOf(after)).toBe(nameOf(before));
  });

  it('stays the same on instances, where SageMaker shifts it', async () => {
    const stack = await synthesizeModel(artifactModel, deploymentOf(REALTIME), DEV);

    expect(nameOf(stack)).toBe('furrow-dev-learned-yield-realtime-c6i-large');
  });
});

describe('a realtime endpoint', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PROD);
  });

  it('starts with the least instances, and gives up on a container that does not become healthy', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [
        {
          VariantName: 'champion',
          InstanceType: 'ml.c6i.large',
          InitialInstanceCount: 2,
          InitialVariantWeight: 1,
          ContainerStartupHealthCheckTimeoutInSeconds: 300,
          ModelDataDownloadTimeoutInSeconds: 300,
        },
      ],
    });
  });

  it('keeps its instance count over a deployment, and lets the deployment change the rest', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [
        { VariantPropertyType: 'DesiredWeight' },
        { VariantPropertyType: 'DataCaptureConfig' },
      ],
    });
  });

  it('moves a tenth of the traffic first, and back when an alarm fires', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
            WaitIntervalInSeconds: 600,
          },
          TerminationWaitInSeconds: 120,
          MaximumExecutionTimeoutInSeconds: 4800,
        },
        AutoRollbackConfiguration: { Alarms: ALARMS.map((AlarmName) => ({ AlarmName })) },
      },
    });
  });

  it('moves all the traffic at once where the deployment says so', async () => {
    const atOnce = await synthesizeModel(
      artifactModel,
      deploymentOf(REALTIME, { rollout: { strategy: 'all-at-once', bakeMinutes: 5 } }),
      PROD,
    );

    atOnce.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'ALL_AT_ONCE',
            CanarySize: Match.absent(),
            WaitIntervalInSeconds: 300,
          },
        },
      },
    });
  });

  it('is updated only when the alarms that watch it exist, which its role may read', () => {
    const names = new Map(
      resourcesOf(stack.model, 'AWS::CloudWatch::Alarm').map(({ logicalId, Properties }) => [
        logicalId,
        Properties.AlarmName,
      ]),
    );
    const awaited = only(stack.model, 'AWS::SageMaker::Endpoint').DependsOn?.map((id) => names.get(id));
    const readable = executionStatements(stack)
      .filter(({ Action }) => Action === 'cloudwatch:DescribeAlarms')
      .flatMap(({ Resource }) => [Resource].flat().map(flat));

    expect(awaited?.sort()).toEqual(ALARMS);
    expect(readable).toEqual(
      ALARMS.map((name) => `arn:{AWS::Partition}:cloudwatch:{AWS::Region}:{AWS::AccountId}:alarm:${name}`),
    );
  });

  it('aims at 70 % of what an instance was measured to serve, by the minute', () => {
    stack.model.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 100 * 60 * 0.7,
        ScaleOutCooldown: 60,
        ScaleInCooldown: 300,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      },
    });
  });

  it('scales its variant between the bounds of the deployment, once it exists', () => {
    const target = only(stack.model, 'AWS::ApplicationAutoScaling::ScalableTarget');

    expect(target.Properties).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      ResourceId: 'endpoint/furrow-prod-learned-yield-realtime-c6i-large/variant/champion',
      MinCapacity: 2,
      MaxCapacity: 6,
    });
    expect(target.DependsOn).toEqual([only(stack.model, 'AWS::SageMaker::Endpoint').logicalId]);
  });

  it('cuts the container off from every network', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Model', { EnableNetworkIsolation: true });
  });
});

describe.each([
  ['serverless', SERVERLESS],
  ['realtime-c6i-large', REALTIME],
] as const)('every endpoint, such as %s,', (suffix, hosting) => {
  let stack: Synthesized;
  let name: string;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(hosting), DEV);
    name = String(only(stack.model, 'AWS::SageMaker::Endpoint').Properties.EndpointName);
  });

  it('names the endpoint and leaves every other name to CloudFormation', () => {
    stack.model.hasResourceProperties('AWS::SageMaker::Model', { ModelName: Match.absent() });
    stack.model.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      EndpointConfigName: Match.absent(),
    });
    expect(name).toMatch(new RegExp(`^furrow-dev-learned-yield-${suffix}`));
    stack.model.hasResourceProperties('AWS::SageMaker::Endpoint', {
      EndpointConfigName: {
        'Fn::GetAtt': [only(stack.model, 'AWS::SageMaker::EndpointConfig').logicalId, 'EndpointConfigName'],
      },
    });
  });

  it('names its data and its image by their content', () => {
    const container = only(stack.model, 'AWS::SageMaker::Model').Properties.PrimaryContainer as {
      readonly Image: unknown;
      readonly ModelDataUrl: unknown;
    };

    expect(flat(container.ModelDataUrl)).toMatch(/^s3:\/\/.+\/[0-9a-f]{64}\.gz$/);
    expect(flat(container.Image)).toMatch(/:[0-9a-f]{64}$/);
  });

  it('has a role that reads one object, pulls one image and writes one log group', () => {
    const byId = new Map(executionStatements(stack).map((statement) => [statement.Sid, statement]));

    expect(flat(byId.get('ReadModelData')?.Resource)).toMatch(/\/[0-9a-f]{64}\.gz$/);
    expect(byId.get('ReadModelData')?.Action).toBe('s3:GetObject');
    expect(flat(byId.get('PullImage')?.Resource)).toMatch(/:repository\/cdk-\w+-container-assets-/);
    expect(byId.get('WriteLogs')?.Resource).toEqual({
      'Fn::GetAtt': [
        resourcesOf(stack.model, 'AWS::Logs::LogGroup').find(
          ({ Properties }) => Properties.LogGroupName === `/aws/sagemaker/Endpoints/${name}`,
        )?.logicalId,
        'Arn',
      ],
    });
    expect(byId.get('ReportMetrics')?.Condition).toEqual({
      StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] },
    });
  });

  it('has a model that waits for its role, whose policy is inline', () => {
    const role = executionRole(stack);

    expect(only(stack.model, 'AWS::SageMaker::Model').DependsOn).toContain(role.logicalId);
    expect(role.Properties.Policies).toHaveLength(1);
  });
});

function executionRole({ model }: Synthesized) {
  const role = resourcesOf(model, 'AWS::IAM::Role').find(({ Properties }) =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes('sagemaker.amazonaws.com'),
  );
  if (role === undefined) throw new Error('the template has no execution role');
  return role;
}

function executionStatements(stack: Synthesized) {
  return statementsOf(stack.model, executionRole(stack).logicalId);
}
