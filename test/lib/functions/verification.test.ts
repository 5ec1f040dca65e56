import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment.ts';
import { DEV } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
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
import { Teardown } from '../support/teardown.ts';

const VERIFICATION = 'Custom::FurrowVerification';
const VARIANTS: DeploymentOptions['variants'] = {
  champion: { weight: 90 },
  challengers: [{ name: 'ridge-2', version: '2.1.0', weight: 10, artifact: 'ridge.onnx' }],
};

const synthesized = (hosting: DeploymentOptions['hosting'], others: Partial<DeploymentOptions> = {}) =>
  synthesizeModel(artifactModel, deploymentOf(hosting, others), DEV);
const idOf = ({ model }: Synthesized) => only(model, VERIFICATION).logicalId;

describe.each([
  ['serverless', SERVERLESS],
  ['realtime', REALTIME],
] as const)('the verification of a %s deployment', (_, hosting) => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesized(hosting, { variants: VARIANTS });
  });

  it('asks the new version of predict, and looks at the endpoint of every variant', () => {
    const { ServiceToken, ServiceTimeout, FunctionArn, Endpoints } = only(
      stack.model,
      VERIFICATION,
    ).Properties;
    const endpoints = resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ Properties }) => ({
      Name: Properties.EndpointName,
      ConfigName: Properties.EndpointConfigName,
    }));

    expect(flat(ServiceToken)).toBe(`{${functionNamed(stack.model, 'verify').logicalId}.Arn}`);
    expect(flat(FunctionArn)).toMatch(/^\{FunctionspredictFunctionCurrentVersion\w+\}$/);
    expect(endpoints).toHaveLength(2);
    expect(Endpoints).toEqual(endpoints);
    // Its own function has given its answer, or its reason, long before CloudFormation stops waiting.
    expect(ServiceTimeout).toBeGreaterThan(Number(functionNamed(stack.model, 'verify').Properties.Timeout));
  });

  it('begins when all of it is there, and its function may do what it has to', () => {
    const order = new Teardown(stack.model);
    const role = roleOf(functionNamed(stack.model, 'verify'));
    const policies = resourcesOf(stack.model, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.Roles).includes(role),
    );
    const needed = [...resourcesOf(stack.model, 'AWS::SageMaker::Endpoint'), ...policies];

    expect(needed).toHaveLength(3);
    for (const { logicalId } of needed) expect(order.dependsOn(idOf(stack), logicalId)).toBe(true);
  });

  it('may describe these endpoints and invoke this version, and nothing else', () => {
    const statements = statementsOf(stack.model, roleOf(functionNamed(stack.model, 'verify')));
    const resources = (action: string) =>
      statements
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource }) => [Resource].flat().map(flat));

    expect(resources('lambda:InvokeFunction')).toEqual([
      flat(only(stack.model, VERIFICATION).Properties.FunctionArn),
    ]);
    expect(resources('sagemaker:DescribeEndpoint').map((arn) => arn.split('/').at(-1))).toEqual(
      resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ Properties }) => Properties.EndpointName),
    );
    expect(actionsOf(statements).filter((action) => !/^(logs|xray):/.test(action))).toEqual([
      'lambda:InvokeFunction',
      'sagemaker:DescribeEndpoint',
    ]);
  });
});

describe('a verification', () => {
  it('is not repeated by a deployment that changes nothing of what it is about', async () => {
    const [one, same] = await Promise.all([
      synthesized(SERVERLESS),
      synthesized(SERVERLESS, { objectives: { availabilityPercent: 99, latencyP95Ms: 900 } }),
    ]);

    expect(idOf(same)).toBe(idOf(one));
  });

  it.each([
    ['the model or what it runs on', { ...SERVERLESS, memoryMb: 6144 }, {}],
    [
      'how many invocations the endpoint takes, which is its configuration',
      SERVERLESS,
      { maxConcurrency: 9 },
    ],
    ['the environment of predict', SERVERLESS, { retentionDays: 30 }],
  ] as const)(
    'is another one for another change of %s, so that none runs in a rollback',
    async (_, hosting, change) => {
      const { maxConcurrency, retentionDays } = { maxConcurrency: 7, retentionDays: 400, ...change };
      const [before, after] = await Promise.all([
        synthesized(SERVERLESS),
        synthesized({ ...hosting, maxConcurrency }, { capture: { retentionDays } }),
      ]);

      expect(idOf(before)).not.toBe(idOf(after));
    },
  );

  it('has no endpoint to look at where the model runs in the function', async () => {
    const { model } = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);

    expect(only(model, VERIFICATION).Properties.Endpoints).toEqual([]);
  });
});
