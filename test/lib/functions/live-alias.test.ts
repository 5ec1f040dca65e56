import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../../contract/api/routes.ts';
import { DEV } from '../support/environments.ts';
import { artifactModel, deploymentOf, SERVERLESS } from '../support/models.ts';
import { flat, functionNamed, only, resourcesOf, type TemplateResource } from '../support/resources.ts';
import { type Synthesized, synthesizeModel } from '../support/stack.ts';
import { Teardown } from '../support/teardown.ts';

const OPERATIONS = [...new Set(ROUTES.map(({ operation }) => operation))];

let stack: Synthesized;
beforeAll(async () => {
  stack = await synthesizeModel(artifactModel, deploymentOf(SERVERLESS), DEV);
});

function aliasOf(name: string): TemplateResource {
  const { logicalId } = functionNamed(stack.model, name);
  const found = resourcesOf(stack.model, 'AWS::Lambda::Alias').find(
    ({ Properties }) => flat(Properties.FunctionName) === `{${logicalId}}`,
  );
  if (found === undefined) throw new Error(`${name} has no alias`);
  return found;
}

describe('what answers the API', () => {
  it.each(OPERATIONS)(
    'is, for %s, a version under the alias live, and nothing that a deployment changes in place',
    (name) => {
      const alias = aliasOf(name);
      const uris = resourcesOf(stack.model, 'AWS::ApiGateway::Method').map(({ Properties }) =>
        flat((Properties.Integration as { readonly Uri?: unknown }).Uri ?? ''),
      );

      expect(alias.Properties.Name).toBe('live');
      expect(flat(alias.Properties.FunctionVersion)).toMatch(/CurrentVersion\w+\.Version\}$/);
      expect(uris.filter((uri) => uri.includes(`{${alias.logicalId}}`)).length).toBeGreaterThan(0);
      expect(uris.filter((uri) => uri.includes(functionNamed(stack.model, name).logicalId))).toEqual([]);
    },
  );

  it('may be invoked by the API under the alias only', () => {
    const invoked = resourcesOf(stack.model, 'AWS::Lambda::Permission').map(({ Properties }) =>
      flat(Properties.FunctionName),
    );
    const aliases = resourcesOf(stack.model, 'AWS::Lambda::Alias').map(({ logicalId }) => `{${logicalId}}`);

    expect(invoked.length).toBeGreaterThan(0);
    expect(invoked.filter((name) => !aliases.includes(name))).toEqual([]);
  });

  it('moves in this order: the version, its verification, predictions, everything else', () => {
    const order = new Teardown(stack.model);
    const needs = (first: string, then: string) => order.dependsOn(first, then);
    const verification = only(stack.model, 'Custom::FurrowVerification').logicalId;
    const version = flat(aliasOf('predict').Properties.FunctionVersion).slice(1).split('.')[0] ?? '';

    expect(needs(verification, version)).toBe(true);
    expect(needs(aliasOf('predict').logicalId, verification)).toBe(true);
    for (const name of OPERATIONS.filter((operation) => operation !== 'predict'))
      expect(needs(aliasOf(name).logicalId, aliasOf('predict').logicalId)).toBe(true);
  });
});
