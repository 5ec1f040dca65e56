import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discoverModels } from '../bin/discover-models.ts';
import { settingsFor } from '../contract/deployment/deployment.ts';
import { checkDeployments } from '../lib/validation/deployment-problems.ts';

const ROOT = join(import.meta.dirname, '..');
/** Below the project, so that what the README imports is found. */
const project = join(ROOT, 'build', 'readme');

/** The README's TypeScript blocks, as somebody who follows it would save them. */
function blocks(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const found = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  return found.map((text) => text.replaceAll('../../contract/', '../../../../contract/'));
}

describe("the README's own model", () => {
  beforeAll(() => {
    const folder = join(project, 'models', 'my-model');
    mkdirSync(folder, { recursive: true });
    const [model = '', deployment = ''] = blocks();
    writeFileSync(join(folder, 'model.ts'), model);
    writeFileSync(join(folder, 'deployment.ts'), deployment);
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('is declared without a mistake, and can be deployed in every environment that it names', async () => {
    expect(blocks()).toHaveLength(2);
    const [found] = await discoverModels(project);
    if (found === undefined) throw new Error('the model is not found');
    const { model, deployment } = found;
    expect(model.name).toBe('my-model');
    for (const environment of ['dev', 'prod']) {
      const settings = settingsFor(deployment, environment);
      const checked = {
        model,
        deployment,
        settings,
        artifactExists: true,
        artifactBytes: 1000,
      };
      expect(() => checkDeployments([checked], { environment, environments: ['dev', 'prod'] })).not.toThrow();
    }
  });
});
