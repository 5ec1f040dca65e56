import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, FUNCTION_SPECS } from '../../../lib/features/functions.ts';
import { DEV, PROD } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, SERVERLESS } from '../support/models.ts';
import { actionsOf, functionNamed, only, resourcesOf, roleOf, statementsOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

const TRACES = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const COMMON = [
  'MODEL_ENVIRONMENT',
  'POWERTOOLS_LOG_LEVEL',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
];

describe('the functions of a model', () => {
  let computed: Synthesized;
  let learned: Synthesized;
  beforeAll(async () => {
    computed = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda', memoryMb: 2048 }), DEV);
    learned = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), PROD);
  });
  const variables = ({ model }: Synthesized, name: string) =>
    (functionNamed(model, name).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
  // What they do with the data's key is for the key's own test.
  const actions = ({ model }: Synthesized, name: string) =>
    actionsOf(statementsOf(model, roleOf(functionNamed(model, name)))).filter(
      (action) => !TRACES.includes(action) && !LOGS.includes(action) && !action.startsWith('kms:'),
    );

  it.each([
    [
      'predict',
      [
        'CAPTURE_QUEUE_URL',
        'CODEC',
        'ENDPOINT_NAME',
        'PAYLOAD_LIMIT_BYTES',
        'RETENTION_DAYS',
        'SHADOWS',
        'SHADOW_BUDGET_MS',
        'TABLE_NAME',
        'VARIANTS',
      ],
    ],
    ['get-prediction', ['TABLE_NAME']],
    ['feedback', ['RETENTION_DAYS', 'TABLE_NAME']],
    ['health', ['CODEC', 'ENDPOINT_NAME', 'PAYLOAD_LIMIT_BYTES']],
    ['describe', ['ACCESS_KIND', 'AVAILABILITY_PERCENT', 'HOSTING_MODE', 'LATENCY_P95_MS', 'VARIANTS']],
    ['drain', ['TABLE_NAME']],
    ['verify', []],
  ])('%s has the variables it needs and no others', (name, own) => {
    expect(Object.keys(variables(learned, name)).sort()).toEqual([...COMMON, ...own].sort());
  });

  it.each([
    ['predict', ['dynamodb:BatchWriteItem', 'sagemaker:InvokeEndpoint', 'sqs:SendMessage']],
    ['get-prediction', ['dynamodb:Query']],
    ['feedback', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    ['health', ['sagemaker:InvokeEndpoint']],
    ['describe', []],
    [
      'drain',
      [
        'dynamodb:BatchWriteItem',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
      ],
    ],
    ['verify', ['lambda:InvokeFunction', 'sagemaker:DescribeEndpoint']],
  ])('%s may do its job and nothing else', (name, allowed) => {
    expect(actions(learned, name)).toEqual(allowed);
  });

  it('ask no endpoint where the model runs inside the function', () => {
    expect(actions(computed, 'predict')).toEqual(['dynamodb:BatchWriteItem', 'sqs:SendMessage']);
    expect(actions(computed, 'health')).toEqual([]);
    expect(variables(computed, 'predict')).not.toHaveProperty('ENDPOINT_NAME');
    expect(variables(computed, 'predict').VARIANTS).toBe(
      '[{"name":"champion","version":"1.2.3","weight":1}]',
    );
  });

  it('are told what the deployment and the environment decide', () => {
    expect(variables(learned, 'predict')).toMatchObject({
      ENDPOINT_NAME: only(learned.model, 'AWS::SageMaker::Endpoint').Properties.EndpointName,
      PAYLOAD_LIMIT_BYTES: '4194304',
      RETENTION_DAYS: '400',
      MODEL_ENVIRONMENT: 'prod',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_SERVICE_NAME: 'learned-yield',
      POWERTOOLS_METRICS_NAMESPACE: 'Furrow',
    });
    expect(variables(learned, 'describe')).toMatchObject({
      AVAILABILITY_PERCENT: '99.5',
      LATENCY_P95_MS: '800',
    });
  });

  it('change only after the endpoint that they ask', () => {
    const [endpointId = ''] = Object.keys(learned.model.findResources('AWS::SageMaker::Endpoint'));
    expect(endpointId).not.toBe('');
    for (const name of ['predict', 'health'] as const) {
      expect(functionNamed(learned.model, name).DependsOn).toContain(endpointId);
    }
    expect(functionNamed(learned.model, 'describe').DependsOn ?? []).not.toContain(endpointId);
  });

  it('answer before API Gateway gives up', () => {
    expect(functionNamed(learned.model, 'predict').Properties.Timeout).toBe(28);
    const timeouts = FUNCTION_NAMES.filter((name) => name !== 'drain' && name !== 'verify').map(
      (name) => FUNCTION_SPECS[name].timeoutSeconds,
    );
    expect(Math.max(...timeouts)).toBeLessThan(29);
  });

  it('have the memory that hosting in the function declares, for predict alone where the model is code', () => {
    expect(functionNamed(computed.model, 'predict').Properties.MemorySize).toBe(2048);
    expect(functionNamed(computed.model, 'health').Properties.MemorySize).toBe(512);
    expect(functionNamed(learned.model, 'predict').Properties.MemorySize).toBe(1024);
  });

  it('have the memory that hosting in the function declares, for each that holds an artifact', async () => {
    const { model } = await synthesizeModel(
      artifactModel,
      deploymentOf({ mode: 'lambda', memoryMb: 2048 }),
      DEV,
    );

    const memory = FUNCTION_NAMES.map((name) => [name, functionNamed(model, name).Properties.MemorySize]);
    expect(Object.fromEntries(memory)).toEqual({
      predict: 2048,
      health: 2048,
      'get-prediction': 512,
      feedback: 512,
      describe: 512,
      drain: 512,
      verify: 512,
    });
  });

  it('write each to a log group of its own', () => {
    const groups = FUNCTION_NAMES.map((name) => {
      const fn = functionNamed(learned.model, name);
      const { LogGroup } = fn.Properties.LoggingConfig as { readonly LogGroup: { readonly Ref: string } };
      const writable = statementsOf(learned.model, roleOf(fn))
        .filter(({ Action }) => [Action].flat().includes('logs:PutLogEvents'))
        .map(({ Resource }) => Resource);
      expect(writable).toEqual([{ 'Fn::GetAtt': [LogGroup.Ref, 'Arn'] }]);
      return LogGroup.Ref;
    });

    expect(new Set(groups).size).toBe(FUNCTION_NAMES.length);
  });

  it('are the only functions of the stack, all of one runtime', () => {
    const runtimes = resourcesOf(learned.model, 'AWS::Lambda::Function').map(({ Properties }) => [
      Properties.Runtime,
      Properties.Architectures,
      Properties.Handler,
    ]);

    expect(runtimes).toEqual(FUNCTION_NAMES.map(() => ['nodejs24.x', ['arm64'], 'index.handler']));
  });
});
