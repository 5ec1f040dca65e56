import { beforeAll, describe, expect, it } from 'vitest';
import { DEV, PROD } from '../support/environments.ts';
import { artifactModel, computedModel, deploymentOf, REALTIME, SERVERLESS } from '../support/models.ts';
import { flat, only, resourcesOf } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';

describe('the stack of a model', () => {
  let computed: Synthesized;
  let learned: Synthesized;
  let prod: Synthesized;
  beforeAll(async () => {
    computed = await synthesizeModel(computedModel, deploymentOf({ mode: 'lambda', memoryMb: 2048 }), DEV);
    learned = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV);
    prod = await synthesizeModel(artifactModel, deploymentOf(REALTIME), PROD);
  });

  it('has an output for everything a caller needs', () => {
    const outputs = computed.model.toJSON().Outputs as Record<string, { readonly Value: unknown }>;

    expect(Object.keys(outputs).sort()).toEqual([
      'ApiKeyId',
      'ApiUrl',
      'ExampleRequest',
      'ModelName',
      'TableName',
    ]);
    expect(outputs.ModelName?.Value).toBe('doubled-yield');
    expect(outputs.ExampleRequest?.Value).toBe('{"input":{"yield":2000}}');
    expect(flat(outputs.ApiUrl?.Value)).toMatch(
      /^https:\/\/\{ApiRestApi\w+\}\.execute-api\.\{AWS::Region\}\.\{AWS::URLSuffix\}\/\{ApiRestApi\w*Stage\w+\}$/,
    );
  });

  it('names the endpoint in an output, where there is one', () => {
    expect(learned.model.toJSON().Outputs.EndpointName.Value).toBe(
      only(learned.model, 'AWS::SageMaker::Endpoint').Properties.EndpointName,
    );
  });

  it('has nothing of SageMaker for a model that is pure mathematics', () => {
    const types = Object.values(
      computed.model.toJSON().Resources as Record<string, { readonly Type: string }>,
    )
      .map(({ Type }) => Type)
      .filter((type) => type.startsWith('AWS::SageMaker'));

    expect(types).toEqual([]);
  });

  it('exports nothing, and imports nothing from another stack', () => {
    for (const template of [computed.model, computed.shared, learned.model, prod.model]) {
      const text = JSON.stringify(template.toJSON());
      expect(text).not.toContain('"Export"');
      expect(text).not.toContain('Fn::ImportValue');
    }
  });

  it('keeps predictions and logs when prod is deleted, and refuses to be deleted by mistake', () => {
    const kept = [
      ...resourcesOf(prod.model, 'AWS::DynamoDB::Table'),
      ...resourcesOf(prod.model, 'AWS::Logs::LogGroup').filter(
        ({ Properties }) => Properties.LogGroupName === undefined,
      ),
    ];

    expect(kept.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(Array(9).fill('Retain'));
    expect(prod.modelArtifact.terminationProtection).toBe(true);
  });

  it('leaves nothing behind in dev', () => {
    const resources = Object.values(
      learned.model.toJSON().Resources as Record<string, { readonly DeletionPolicy?: string }>,
    );

    expect(resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  });

  it('keeps logs for as long as the environment says', () => {
    const days = (template: Synthesized) =>
      new Set(
        resourcesOf(template.model, 'AWS::Logs::LogGroup').map(
          ({ Properties }) => Properties.RetentionInDays,
        ),
      );

    expect(days(learned)).toEqual(new Set([14]));
    expect(days(prod)).toEqual(new Set([365]));
  });

  it('is deployed after the shared stack', () => {
    expect(computed.modelArtifact.dependencies.map(({ id }) => id)).toContain('furrow-dev-shared');
  });

  it('is tagged for cost reports', () => {
    expect(learned.modelArtifact.tags).toEqual({
      Application: 'furrow',
      Environment: 'dev',
      Model: 'learned-yield',
    });
  });

  it('mentions neither Datadog nor its types while Datadog is off', () => {
    for (const template of [computed.model, computed.shared, prod.model, prod.shared]) {
      expect(JSON.stringify(template.toJSON())).not.toMatch(/datadog/i);
    }
  });
});
