import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import { DEV, PRIVATE } from '../support/environments.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';
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
/** What the function that verifies may do an action to. */
const allowed = ({ model }: Synthesized, action: string) =>
  statementsOf(model, roleOf(functionNamed(model, 'verify')))
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat().map(flat));
const endpointsOf = ({ model }: Synthesized) =>
  resourcesOf(model, 'AWS::SageMaker::Endpoint').map(({ Properties }) => ({
    Name: Properties.EndpointName,
    ConfigName: Properties.EndpointConfigName,
    Variant: String(Properties.EndpointName).includes('ridge-2') ? 'ridge-2' : 'champion',
  }));
const idOf = ({ model }: Synthesized) => only(model, VERIFICATION).logicalId;

describe.each([
  ['serverless', SERVERLESS],
  ['realtime', REALTIME],
] as const)('the verification of a %s deployment', (_, hosting) => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesized(hosting, { variants: VARIANTS });
  });

  it('asks every variant by the new version of predict, and looks at the endpoint of each', () => {
    const { ServiceToken, ServiceTimeout, FunctionArn, Variants, Endpoints, CollectorArn } = only(
      stack.model,
      VERIFICATION,
    ).Properties;
    const endpoints = endpointsOf(stack);

    expect(flat(ServiceToken)).toBe(`{${functionNamed(stack.model, 'verify').logicalId}.Arn}`);
    expect(flat(FunctionArn)).toMatch(/^\{FunctionspredictFunctionCurrentVersion\w+\}$/);
    expect(endpoints).toHaveLength(2);
    expect(Endpoints).toEqual(endpoints);
    expect(Variants).toEqual(['champion', 'ridge-2']);
    expect(CollectorArn).toBeUndefined();
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

    expect(allowed(stack, 'lambda:InvokeFunction')).toEqual([
      flat(only(stack.model, VERIFICATION).Properties.FunctionArn),
    ]);
    expect(allowed(stack, 'sagemaker:DescribeEndpoint').map((arn) => arn.split('/').at(-1))).toEqual(
      resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ Properties }) => Properties.EndpointName),
    );
    expect(actionsOf(statements).filter((action) => !/^(logs|xray):/.test(action))).toEqual([
      'lambda:InvokeFunction',
      'sagemaker:DescribeEndpoint',
    ]);
  });
});

describe('the verification of an asynchronous deployment', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesized(ASYNCHRONOUS, { variants: VARIANTS });
  });

  it('asks every variant, and has the function that completes predictions read the answers', () => {
    const { FunctionArn, CollectorArn, Variants, Endpoints } = only(stack.model, VERIFICATION).Properties;
    const complete = functionNamed(stack.model, 'complete').logicalId;

    expect(flat(FunctionArn)).toBe(`{${functionNamed(stack.model, 'predict').logicalId}.Arn}`);
    expect(flat(CollectorArn)).toBe(`{${complete}.Arn}`);
    expect(Variants).toEqual(['champion', 'ridge-2']);
    expect(Endpoints).toEqual(endpointsOf(stack));
    for (const asked of [complete, functionNamed(stack.model, 'predict').logicalId])
      expect(new Teardown(stack.model).dependsOn(idOf(stack), asked)).toBe(true);
  });

  it('is not repeated for other weights, so that nobody waits in a queue to give a failing variant none', async () => {
    const [ridge] = VARIANTS?.challengers ?? [];
    const challengers = ridge === undefined ? [] : [{ ...ridge, weight: 0 }];
    const unused = await synthesized(ASYNCHRONOUS, { variants: { ...VARIANTS, challengers } });

    expect(only(unused.model, VERIFICATION).Properties.Variants).toEqual(['champion', 'ridge-2']);
    expect(idOf(unused)).toBe(idOf(stack));
  });

  it('is another one for other limits of a request, and for another network', async () => {
    const { network: _, ...open } = PRIVATE;
    const [one, slower, placed] = await Promise.all([
      synthesizeModel(artifactModel, deploymentOf(ASYNCHRONOUS), open),
      synthesizeModel(artifactModel, deploymentOf({ ...ASYNCHRONOUS, timeoutSeconds: 30 }), open),
      synthesizeModel(artifactModel, deploymentOf(ASYNCHRONOUS), PRIVATE),
    ]);

    expect(new Set([one, slower, placed].map(idOf)).size).toBe(3);
  });

  it('may invoke these two and describe the endpoints, and reaches neither bucket nor queue', () => {
    const { FunctionArn, CollectorArn } = only(stack.model, VERIFICATION).Properties;

    expect(allowed(stack, 'lambda:InvokeFunction')).toEqual([FunctionArn, CollectorArn].map(flat));
    expect(
      actionsOf(statementsOf(stack.model, roleOf(functionNamed(stack.model, 'verify')))).filter(
        (action) => !/^(logs|xray):/.test(action),
      ),
    ).toEqual(['lambda:InvokeFunction', 'sagemaker:DescribeEndpoint']);
  });
});

describe('the verification of a model whose data were in S3 before', () => {
  const sha256 = '0123456789abcdef'.repeat(4);
  const key = `yield/${sha256}/model.tar.gz`;
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b';
  const modelData = { s3Uri: `s3://research-models/${key}`, sha256, kmsKeyArn };

  it('knows what is declared of them, and may ask S3 about that object and no other', async () => {
    const stack = await synthesized({ ...SERVERLESS, modelData }, { variants: VARIANTS });
    const object = `arn:{AWS::Partition}:s3:::research-models/${key}`;

    expect(only(stack.model, VERIFICATION).Properties.ModelData).toEqual({
      Bucket: 'research-models',
      Key: key,
      Sha256: sha256,
    });
    expect(allowed(stack, 's3:GetObject')).toEqual([object]);
    expect(allowed(stack, 'kms:Decrypt')).toEqual([kmsKeyArn]);
  });

  it('asks nothing of data that are deployed with the model', async () => {
    const stack = await synthesized(SERVERLESS);

    expect(only(stack.model, VERIFICATION).Properties.ModelData).toBeUndefined();
    expect(allowed(stack, 's3:GetObject')).toEqual([]);
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

  it('is another one where another variant is asked', async () => {
    const without = await synthesized(SERVERLESS);
    const shadows = [{ name: 'forest', version: '2.2.0', artifact: 'forest.onnx' }];
    const shadowed = await synthesized(SERVERLESS, { variants: { shadows } });

    expect(only(without.model, VERIFICATION).Properties.Variants).toEqual(['champion']);
    expect(only(shadowed.model, VERIFICATION).Properties.Variants).toEqual(['champion', 'forest']);
    expect(idOf(shadowed)).not.toBe(idOf(without));
  });

  it('does not ask a challenger that answers nobody, so that one which fails can be given no weight', async () => {
    const challengers = [{ name: 'ridge-2', version: '2.1.0', weight: 0, artifact: 'ridge.onnx' }];
    const unused = await synthesized(SERVERLESS, { variants: { champion: { weight: 1 }, challengers } });

    expect(only(unused.model, VERIFICATION).Properties.Variants).toEqual(['champion']);
    expect(only(unused.model, VERIFICATION).Properties.Endpoints).toHaveLength(2);
  });

  it('has no endpoint to look at where the model runs in the function', async () => {
    const { model } = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda' }), DEV);

    expect(only(model, VERIFICATION).Properties.Endpoints).toEqual([]);
  });
});
