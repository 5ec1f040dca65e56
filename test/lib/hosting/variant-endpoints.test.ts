import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentOptions } from '../../../contract/deployment/deployment.ts';
import { DEV } from '../support/environments.ts';
import {
  ASYNCHRONOUS,
  artifactModel,
  computedModel,
  deploymentOf,
  REALTIME,
  SERVERLESS,
} from '../support/models.ts';
import { flat, functionNamed, resourcesOf, roleOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const variantsOf = (champion: number, challenger: number): DeploymentOptions['variants'] => ({
  champion: { weight: champion },
  challengers: [{ name: 'ridge-2', version: '2.1.0', weight: challenger, artifact: 'ridge.onnx' }],
  shadows: [{ name: 'forest', version: '2.2.0', artifact: 'forest.onnx' }],
  shadowBudgetMs: 150,
});
const synthesized = (hosting: DeploymentOptions['hosting'], champion = 90, challenger = 10) =>
  synthesizeModel(artifactModel, deploymentOf(hosting, { variants: variantsOf(champion, challenger) }), DEV);

const variablesOf = ({ model }: Synthesized, name: string) =>
  (functionNamed(model, name).Properties.Environment as { Variables: Record<string, string> }).Variables;
const endpointName = (mode: string, suffix = '') =>
  `furrow-dev-learned-yield-${mode}${suffix}${mode === 'serverless' ? '' : '-c6i-large'}`;
const suffixes = ['', '-forest', '-ridge-2'];

describe.each([
  ['serverless', SERVERLESS, 'sagemaker:InvokeEndpoint', ['']],
  ['realtime', REALTIME, 'sagemaker:InvokeEndpoint', ['']],
  // Nobody's health is asked behind a queue.
  ['asynchronous', ASYNCHRONOUS, 'sagemaker:InvokeEndpointAsync', []],
] as const)('the variants of a %s model', (mode, hosting, action, askedByHealth) => {
  let stack: Synthesized;
  let endpointNames: readonly string[];
  beforeAll(async () => {
    stack = await synthesized(hosting);
    endpointNames = resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ Properties }) =>
      String(Properties.EndpointName),
    );
  });
  /** A serverless endpoint's name ends in a hash of what it serves. */
  const nameOf = (suffix = '') => {
    const found = endpointNames.filter((name) =>
      new RegExp(`^${endpointName(mode, suffix)}(-[0-9a-f]{8})?$`).test(name),
    );
    expect(found).toHaveLength(1);
    return found[0] ?? '';
  };

  it('have an endpoint each, whose one production variant bears their name', () => {
    const variants = resourcesOf(stack.model, 'AWS::SageMaker::EndpointConfig').map(({ Properties }) =>
      (Properties.ProductionVariants as { VariantName: string }[]).map(({ VariantName }) => VariantName),
    );

    expect([...endpointNames].sort()).toEqual(suffixes.map(nameOf).sort());
    expect(variants.sort()).toEqual([['champion'], ['forest'], ['ridge-2']]);
  });

  it('have model data of their own', () => {
    const data = resourcesOf(stack.model, 'AWS::SageMaker::Model').map(({ Properties }) =>
      flat((Properties.PrimaryContainer as { ModelDataUrl: unknown }).ModelDataUrl),
    );

    expect(new Set(data).size).toBe(3);
  });

  it('are known to predict, with their versions and their weights', () => {
    const { VARIANTS = '', SHADOWS = '', ...variables } = variablesOf(stack, 'predict');

    expect(JSON.parse(VARIANTS)).toEqual([
      { name: 'champion', version: '2.0.0', weight: 90 },
      { name: 'ridge-2', version: '2.1.0', weight: 10, endpointName: nameOf('-ridge-2') },
    ]);
    expect(JSON.parse(SHADOWS)).toEqual([
      { name: 'forest', version: '2.2.0', endpointName: nameOf('-forest') },
    ]);
    expect(variables).toMatchObject({ ENDPOINT_NAME: nameOf(), SHADOW_BUDGET_MS: '150' });
  });

  it('are told to the world without endpoints and without shadows', () => {
    expect(JSON.parse(variablesOf(stack, 'describe').VARIANTS ?? '')).toEqual([
      { name: 'champion', version: '2.0.0', weight: 90 },
      { name: 'ridge-2', version: '2.1.0', weight: 10 },
    ]);
  });

  it('may be asked by predict, and by no other function but for the champion', () => {
    const asked = (name: string) =>
      statementsOf(stack.model, roleOf(functionNamed(stack.model, name)))
        .filter(({ Action }) => [Action].flat().includes(action))
        .flatMap(({ Resource }) => [Resource].flat().map((arn) => flat(arn).split('/').at(-1)))
        .sort();

    expect(asked('predict')).toEqual(suffixes.map(nameOf).sort());
    expect(asked('health')).toEqual(askedByHealth.map(nameOf));
  });

  it('are there before predict sends them anybody', () => {
    const ids = resourcesOf(stack.model, 'AWS::SageMaker::Endpoint')
      .filter(({ Properties }) => Properties.EndpointName !== nameOf())
      .map(({ logicalId }) => logicalId);

    expect(functionNamed(stack.model, 'predict').DependsOn).toEqual(expect.arrayContaining(ids));
    expect(ids).toHaveLength(2);
  });

  it('have the alarms of an endpoint each, which say whose they are', () => {
    const alarms = resourcesOf(stack.model, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const named = alarms.filter(({ AlarmName }) => String(AlarmName).includes('-endpoint-5xx-errors'));

    expect(named.map(({ AlarmName }) => AlarmName).sort()).toEqual(
      suffixes.map((suffix) => `furrow-dev-learned-yield-endpoint-5xx-errors${suffix}`),
    );
    expect(named.find(({ AlarmName }) => String(AlarmName).endsWith('forest'))).toMatchObject({
      AlarmDescription: expect.stringContaining('(variant forest)'),
      Dimensions: [
        { Name: 'EndpointName', Value: nameOf('-forest') },
        { Name: 'VariantName', Value: 'forest' },
      ],
    });
  });

  it('change nothing but the environment of two functions with their weights, and so their versions', async () => {
    const moved = await synthesized(hosting, 80, 20);
    const versioned = ['AWS::Lambda::Version', 'AWS::Lambda::Alias', 'Custom::FurrowVerification'];
    const unversioned = ({ model }: Synthesized) =>
      Object.fromEntries(
        Object.entries(model.toJSON().Resources as Record<string, { readonly Type: string }>).flatMap(
          ([id, resource]) => (versioned.includes(resource.Type) ? [] : [[id, text(resource)]]),
        ),
      );
    const before = unversioned(stack);
    const after = unversioned(moved);
    const changed = Object.keys(after).filter((id) => after[id] !== before[id]);

    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(changed.sort()).toEqual(
      ['describe', 'predict'].map((name) => functionNamed(stack.model, name).logicalId).sort(),
    );
    const withoutVariants = (one: Synthesized, name: string) => {
      const { Properties } = functionNamed(one.model, name);
      const { VARIANTS: _, ...variables } = variablesOf(one, name);
      return { ...Properties, Environment: variables };
    };
    for (const name of ['describe', 'predict'])
      expect(withoutVariants(moved, name)).toEqual(withoutVariants(stack, name));
  });
});

/** A resource without what names versions, which change their names. */
function text(resource: unknown): string {
  return JSON.stringify(resource).replaceAll(/CurrentVersion\w+|Verification\w+/g, '');
}

describe('the variants of a realtime model', () => {
  it('scale and roll back each by itself', async () => {
    const stack = await synthesized(REALTIME);
    const targets = resourcesOf(stack.model, 'AWS::ApplicationAutoScaling::ScalableTarget').map(
      ({ Properties }) => Properties.ResourceId,
    );
    const rollback = resourcesOf(stack.model, 'AWS::SageMaker::Endpoint').map(({ Properties }) => [
      Properties.EndpointName,
      (
        Properties.DeploymentConfig as {
          AutoRollbackConfiguration: { Alarms: { AlarmName: string }[] };
        }
      ).AutoRollbackConfiguration.Alarms.map(({ AlarmName }) => AlarmName),
    ]);

    expect(targets.sort()).toEqual([
      'endpoint/furrow-dev-learned-yield-realtime-c6i-large/variant/champion',
      'endpoint/furrow-dev-learned-yield-realtime-forest-c6i-large/variant/forest',
      'endpoint/furrow-dev-learned-yield-realtime-ridge-2-c6i-large/variant/ridge-2',
    ]);
    expect(Object.fromEntries(rollback)['furrow-dev-learned-yield-realtime-ridge-2-c6i-large']).toEqual([
      'furrow-dev-learned-yield-endpoint-5xx-errors-ridge-2',
      'furrow-dev-learned-yield-endpoint-latency-ridge-2',
    ]);
  });
});

describe('the variants of a model in the function', () => {
  it('need no endpoint', async () => {
    const challengers = [{ name: 'simple', version: '1.3.0', weight: 5, predict: 'simplified' }];
    const deployment = deploymentOf(
      { mode: 'lambda' },
      { variants: { champion: { weight: 5 }, challengers } },
    );
    const stack = await synthesizeModel(computedModel, deployment, DEV);

    expect(resourcesOf(stack.model, 'AWS::SageMaker::Endpoint')).toEqual([]);
    expect(JSON.parse(variablesOf(stack, 'predict').VARIANTS ?? '')).toEqual([
      { name: 'champion', version: '1.2.3', weight: 5 },
      { name: 'simple', version: '1.3.0', weight: 5 },
    ]);
  });
});
