import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import { PROD } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, SERVERLESS } from '../support/models.ts';
import { flat, functionNamed, only, resourcesOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const synthesized = (rollout: DeploymentOptions['rollout'], hosting: object = {}) =>
  synthesizeModel(computedModel, deploymentOf({ mode: 'lambda', ...hosting }, { rollout }), PROD);

const predictAlias = ({ model }: Synthesized) => {
  const { logicalId } = functionNamed(model, 'predict');
  const found = resourcesOf(model, 'AWS::Lambda::Alias').find(
    ({ Properties }) => flat(Properties.FunctionName) === `{${logicalId}}`,
  );
  if (found === undefined) throw new Error('predict has no alias');
  return found;
};

describe('the rollout of functions', () => {
  it.each([
    [
      'canary',
      { strategy: 'canary', percent: 5, bakeMinutes: 30 },
      { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 5, CanaryInterval: 30 } },
    ],
    [
      'linear',
      { strategy: 'linear', percent: 20, bakeMinutes: 3 },
      { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 20, LinearInterval: 3 } },
    ],
    [
      'rolling, which functions take for linear in steps of the same size,',
      { strategy: 'rolling', maxBatchPercent: 25, bakeMinutes: 4 },
      { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 25, LinearInterval: 4 } },
    ],
  ] as const)('is %s as declared', async (_, rollout, routing) => {
    const { model } = await synthesized(rollout);

    expect(only(model, 'AWS::CodeDeploy::DeploymentConfig').Properties).toEqual({
      ComputePlatform: 'Lambda',
      TrafficRoutingConfig: routing,
    });
  });

  it('is nobody’s business but CloudFormation’s where it is all at once', async () => {
    const stack = await synthesized({ strategy: 'all-at-once' });

    stack.model.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    expect(predictAlias(stack)).not.toHaveProperty('UpdatePolicy');
  });

  it('leaves a provisioned alias to Lambda, which refuses to provision one that has weights', async () => {
    const provisionedConcurrency = { min: 1, max: 2 };
    const stack = await synthesized({ strategy: 'canary' }, { provisionedConcurrency });

    stack.model.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    expect(predictAlias(stack)).not.toHaveProperty('UpdatePolicy');
    expect(predictAlias(stack).Properties).toHaveProperty('ProvisionedConcurrencyConfig');
  });
});

describe('the shift of predictions', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), PROD);
  });
  const alarmNames = [
    'furrow-prod-learned-yield-api-5xx-rate',
    'furrow-prod-learned-yield-endpoint-5xx-errors',
    'furrow-prod-learned-yield-endpoint-latency',
    'furrow-prod-learned-yield-function-errors-predict',
  ];

  it('is carried out by CodeDeploy for predict, and for no other function', () => {
    const group = only(stack.model, 'AWS::CodeDeploy::DeploymentGroup');
    const shifted = resourcesOf(stack.model, 'AWS::Lambda::Alias').filter((alias) => 'UpdatePolicy' in alias);

    expect(shifted.map(({ logicalId }) => logicalId)).toEqual([predictAlias(stack).logicalId]);
    expect(shifted[0]).toMatchObject({
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: only(stack.model, 'AWS::CodeDeploy::Application').logicalId },
          DeploymentGroupName: { Ref: group.logicalId },
        },
      },
      DependsOn: expect.arrayContaining([group.logicalId]),
    });
  });

  it('goes back when one of the model’s alarms fires, all of which exist before it begins', () => {
    const group = only(stack.model, 'AWS::CodeDeploy::DeploymentGroup');
    const names = new Map(
      resourcesOf(stack.model, 'AWS::CloudWatch::Alarm').map(({ logicalId, Properties }) => [
        logicalId,
        Properties.AlarmName,
      ]),
    );
    const { AlarmConfiguration, AutoRollbackConfiguration } = group.Properties as {
      readonly AlarmConfiguration: {
        readonly Enabled: boolean;
        readonly Alarms: readonly { readonly Name: string }[];
      };
      readonly AutoRollbackConfiguration: unknown;
    };

    expect(AlarmConfiguration.Enabled).toBe(true);
    expect(AlarmConfiguration.Alarms.map(({ Name }) => Name).sort()).toEqual(alarmNames);
    expect(group.DependsOn?.map((id) => names.get(id)).sort()).toEqual(alarmNames);
    expect(AutoRollbackConfiguration).toEqual({
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    });
  });

  it('is made by a role that may move the alias of this function, and read these alarms', () => {
    const { ServiceRoleArn } = only(stack.model, 'AWS::CodeDeploy::DeploymentGroup').Properties;
    const roleId = flat(ServiceRoleArn).slice(1).split('.')[0] ?? '';
    const allowed = statementsOf(stack.model, roleId).map(({ Action, Resource }) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(flat),
    }));

    expect(allowed).toEqual([
      {
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
        resources: [`{${functionNamed(stack.model, 'predict').logicalId}.Arn}`],
      },
      {
        actions: ['cloudwatch:DescribeAlarms'],
        resources: expect.arrayContaining(
          alarmNames.map(
            (name) => `arn:{AWS::Partition}:cloudwatch:{AWS::Region}:{AWS::AccountId}:alarm:${name}`,
          ),
        ),
      },
    ]);
  });
});
