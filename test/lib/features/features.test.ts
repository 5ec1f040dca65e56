import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App } from 'aws-cdk-lib/core';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { settingsFor } from '../../../contract/deployment/deployment.ts';
import { hasArtifact } from '../../../contract/model/model.ts';
import { APP_PROPS } from '../../../lib/app-props.ts';
import { buildModels } from '../../../lib/bundling/build-models.ts';
import { FEATURES } from '../../../lib/features/features.ts';
import type { Feature } from '../../../lib/functions/feature.ts';
import { addStacks } from '../../../lib/stacks/add-stacks.ts';
import { DEV } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf } from '../support/models.ts';
import { smallProject, temporaryFolder, writeFiles } from '../support/project.ts';

/** A made-up feature with a queue of its own, for models without an artifact. */
const AUDIT = {
  belongsTo: ({ model }) => !hasArtifact(model),
  functions: [
    {
      name: 'audit',
      memoryMb: 192,
      timeoutSeconds: 7,
      description: 'Tells auditors what was predicted',
      handler: { kind: 'bound', asks: true },
      variables: ({ table }, queue) => ({ TABLE_NAME: table.tableName, AUDIT_QUEUE_URL: queue.queueUrl }),
      connect(fn, { table }, queue) {
        table.grantReadPrediction(fn);
        queue.grantSendMessages(fn);
      },
    },
  ],
  resources: async () => (stack) => new Queue(stack, 'Audits'),
  alarms: (_, queue) => [
    {
      kind: 'capture-dlq-not-empty',
      id: 'audits-wait',
      title: 'Nobody reads audits',
      firstStep: 'Ask the auditors.',
      severity: 'ticket',
      signal: {
        metrics: [
          {
            namespace: 'AWS/SQS',
            name: 'ApproximateNumberOfMessagesVisible',
            dimensions: { QueueName: queue.queueName },
          },
        ],
        statistic: 'Maximum',
        periodSeconds: 300,
        datadog: { over: 'max', across: 'max', metrics: ['aws.sqs.messages'], tags: {} },
      },
      threshold: 10,
      breaches: { periods: 1, outOf: 1 },
    },
  ],
  outputs: (_, queue) => [{ id: 'AuditQueueUrl', value: queue.queueUrl, description: 'Read audits here' }],
} as const satisfies Feature<string, Queue>;

/** Two models, built and synthesized with a list of features that has a line more. */
async function withAudits() {
  const root = smallProject();
  writeFiles(root, {
    'models/doubled-yield/model.ts': "export const model = { name: 'doubled-yield' };",
    'models/learned-yield/model.ts': "export const model = { name: 'learned-yield' };",
    'models/learned-yield/artifacts/model.onnx': 'weights',
    'lambda/handlers/audit.ts':
      "export const createHandler = (model: { name: string }, predictor: string) => () => 'audit of ' + model.name + ' by ' + predictor;",
  });
  const models = [computedModel, artifactModel].map((model) => ({
    model,
    settings: settingsFor(deploymentOf({ mode: 'lambda' }), 'dev'),
  }));
  const assemblyDir = temporaryFolder();
  const features = [...FEATURES, AUDIT];
  const builds = await buildModels({ root, models, assemblyDir, workDir: temporaryFolder(), features });
  const app = new App({ ...APP_PROPS, outdir: assemblyDir });
  await addStacks(app, { environment: DEV, models, builds, features });
  const assembly = app.synth();
  const template = (name: string) =>
    Template.fromJSON(assembly.getStackByName(`furrow-dev-${name}`).template);
  return { builds, doubled: template('doubled-yield'), learned: template('learned-yield') };
}

describe('a further feature in the list', () => {
  it('is a function with its code, variables, permissions, alarms and outputs, in the models it belongs to', async () => {
    const { builds, doubled, learned } = await withAudits();
    const audit = { Description: 'doubled-yield: Tells auditors what was predicted' };

    const { folder } = builds.handlerCode('doubled-yield', 'audit');
    const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
    expect(handler()).toBe('audit of doubled-yield by in-process of doubled-yield');
    doubled.hasResourceProperties('AWS::Lambda::Function', {
      ...audit,
      MemorySize: 192,
      Timeout: 7,
      Environment: {
        Variables: {
          TABLE_NAME: { Ref: 'PredictionsTable3F2B284F' },
          AUDIT_QUEUE_URL: { Ref: auditQueue(doubled) },
        },
      },
    });
    expect(actionsOf(doubled, 'audit')).toEqual(
      expect.arrayContaining(['dynamodb:Query', 'sqs:SendMessage', 'logs:PutLogEvents']),
    );
    expect(actionsOf(doubled, 'audit')).not.toContain('dynamodb:BatchWriteItem');
    const alarms = Object.values(doubled.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmName,
    );
    expect(alarms).toEqual(
      expect.arrayContaining([
        'furrow-dev-doubled-yield-function-errors-audit',
        'furrow-dev-doubled-yield-function-throttles-audit',
        'furrow-dev-doubled-yield-audits-wait',
      ]),
    );
    doubled.hasOutput('AuditQueueUrl', { Value: { Ref: auditQueue(doubled) } });

    expect(() => builds.handlerCode('learned-yield', 'audit')).toThrow('no function audit of learned-yield');
    expect(JSON.stringify(learned.toJSON())).not.toMatch(/audit/i);
  });
});

function auditQueue(template: Template): string {
  const [id] = Object.keys(template.findResources('AWS::SQS::Queue')).filter((one) =>
    one.startsWith('Audits'),
  );
  if (id === undefined) throw new Error('there is no queue of audits');
  return id;
}

/** What the role of a function may do. */
function actionsOf(template: Template, name: string): string[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(`Functions${name}Role`))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action }) => Action);
}

describe('what bundling starts from', () => {
  it('loads none of the CDK, so that esbuild is at work while that is loaded', () => {
    const loaded = loadedBy(join(import.meta.dirname, '../../../lib/bundling/framework.ts'));

    expect([...loaded]).toContain('esbuild');
    expect([...loaded].filter((one) => /^(aws-cdk-lib|constructs)/.test(one))).toEqual([]);
  });
});

/** Every package that a module loads, by whatever it imports for more than types. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const { module } = parseSync(file, readFileSync(file, 'utf8'));
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  const specifiers = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...exported.filter(({ isType }) => !isType).flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  ];
  return new Set(
    specifiers.flatMap((one) =>
      one.startsWith('.') ? [...loadedBy(join(dirname(file), one), seen)] : [one],
    ),
  );
}
