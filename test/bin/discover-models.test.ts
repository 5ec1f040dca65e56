import { describe, expect, it } from 'vitest';
import { DiscoveryError, discoverModels } from '../../bin/discover-models.ts';
import { temporaryFolder, writeFiles } from '../lib/support/project.ts';

const model = (name: string) => `export const model = { name: '${name}' };`;
const DEPLOYMENT = 'export const deployment = {};';

describe('discovering models', () => {
  it('finds every folder with a model.ts, in order', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'models/rye/model.ts': model('rye'),
      'models/rye/deployment.ts': DEPLOYMENT,
      'models/oats/model.ts': model('oats'),
      'models/oats/deployment.ts': DEPLOYMENT,
      'models/notes/README.md': 'No model.',
    });

    const found = await discoverModels(root);

    expect(found.map((one) => one.model.name)).toEqual(['oats', 'rye']);
  });

  it('lists the functions that a model exports for its variants', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'models/rye/model.ts': `${model('rye')} export const simplified = () => ({}); export const LIMIT = 3;`,
      'models/rye/deployment.ts': DEPLOYMENT,
    });

    const [rye] = await discoverModels(root);

    expect([...(rye?.functions.keys() ?? [])]).toEqual(['simplified']);
  });

  it('reports the mistakes of all the folders at once', async () => {
    const root = temporaryFolder();
    writeFiles(root, {
      'models/a-other-name/model.ts': model('renamed'),
      'models/a-other-name/deployment.ts': DEPLOYMENT,
      'models/b-no-model/model.ts': 'export const modle = {};',
      'models/b-no-model/deployment.ts': DEPLOYMENT,
      'models/c-no-deployment/model.ts': model('c-no-deployment'),
      'models/c-no-deployment/deployment.ts': 'export {};',
      'models/d-throws/model.ts': "throw new Error('input.yield: has no description');",
      'models/d-throws/deployment.ts': "throw new Error('hosting.mode: got 3');",
    });

    await expect(discoverModels(root)).rejects.toThrow(
      new DiscoveryError(
        [
          'models/a-other-name/model.ts: the model is named "renamed"; name it as its folder, "a-other-name"',
          'models/b-no-model/model.ts: exports no "model"; declare it with defineModel',
          'models/c-no-deployment/deployment.ts: exports no "deployment"; declare it with defineDeployment',
          'models/d-throws/model.ts: input.yield: has no description',
          'models/d-throws/deployment.ts: hosting.mode: got 3',
        ].join('\n'),
      ),
    );
  });

  it('says which file a folder lacks', async () => {
    const root = temporaryFolder();
    writeFiles(root, { 'models/rye/model.ts': model('rye') });

    await expect(discoverModels(root)).rejects.toThrow(
      'models/rye/deployment.ts: does not exist; declare it with defineDeployment',
    );
  });
});
