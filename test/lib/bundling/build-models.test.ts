import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTAINERS } from '../../../bin/verify/combinations/parts.ts';
import { type DeploymentOptions, settingsFor } from '../../../contract/deployment/deployment.ts';
import { buildModels } from '../../../lib/bundling/build-models.ts';
import { artifactModel, BATCH, computedModel, deploymentOf, SERVERLESS } from '../support/models.ts';
import { smallProject, temporaryFolder, writeFiles } from '../support/project.ts';

/** Folders of what is the same for all models. */
const FRAMEWORK = ['chunks', 'contract', 'lambda'];

/** Builds a model with an artifact, and one that is pure mathematics. */
async function built(hosting: DeploymentOptions['hosting'], others: Partial<DeploymentOptions> = {}) {
  const root = smallProject();
  writeFiles(root, {
    'models/learned-yield/model.ts': "export const model = { name: 'learned-yield' };",
    'models/learned-yield/artifacts/model.onnx': 'weights',
    'models/doubled-yield/model.ts': "export const model = { name: 'doubled-yield' };",
    'serving/main.ts': 'export {};',
    'serving/image/Dockerfile': 'FROM scratch',
    'serving/image/package.json': '{}',
    'serving/image/package-lock.json': '{}',
  });
  const settings = (options: DeploymentOptions['hosting']) =>
    settingsFor(deploymentOf(options, options === hosting ? others : {}), 'dev');
  const builds = await buildModels({
    root,
    models: [
      { model: artifactModel, settings: settings(hosting) },
      { model: computedModel, settings: settings({ mode: 'lambda' }) },
    ],
    assemblyDir: temporaryFolder(),
    workDir: temporaryFolder(),
  });
  const predict = (name: string) =>
    readdirSync(builds.handlerCode(name, 'predict').folder)
      .filter((file) => !FRAMEWORK.includes(file))
      .sort();
  return { root, serving: builds.serving, served: [...builds.serving.keys()], predict };
}

describe('what is built for a model with an artifact', () => {
  it('is an archive and an image besides where it runs in functions and has batches', async () => {
    const { served, predict } = await built({ mode: 'lambda' }, { batch: BATCH });

    expect(served).toEqual(['learned-yield']);
    expect(predict('learned-yield')).toContain('model.onnx');
  });

  it('is functions that hold it, and nothing to serve, where it runs in them', async () => {
    const { served, predict } = await built({ mode: 'lambda' });

    expect(served).toEqual([]);
    expect(predict('learned-yield')).toEqual(['index.mjs', 'model.mjs', 'model.onnx', 'onnxruntime.wasm']);
    expect(predict('doubled-yield')).toEqual(['index.mjs', 'model.mjs']);
  });

  it('is an archive and an image, and functions without it, where an endpoint serves it', async () => {
    const { served, predict } = await built(SERVERLESS);

    expect(served).toEqual(['learned-yield']);
    expect(predict('learned-yield')).toEqual(['index.mjs', 'model.mjs']);
  });

  it('is an archive without an image where the image lies in a repository', async () => {
    const { serving } = await built({ ...SERVERLESS, container: CONTAINERS.repository });
    const build = serving.get('learned-yield');

    expect(build?.archive).toMatch(/model\.tar\.gz$/);
    expect(build?.imageFolder).toBeUndefined();
  });

  it("is the project's own folder where the image is built of it", async () => {
    const { root, serving } = await built({ ...SERVERLESS, container: CONTAINERS.dockerfile });

    expect(serving.get('learned-yield')?.imageFolder).toBe(join(root, 'images/yield'));
  });

  it('is no archive where the data lies in S3', async () => {
    const sha256 = '0123456789abcdef'.repeat(4);
    const modelData = { s3Uri: `s3://models/${sha256}.tar.gz`, sha256 };
    const { serving } = await built({ ...SERVERLESS, modelData });
    const build = serving.get('learned-yield');

    expect(build?.archive).toBeUndefined();
    expect(build?.imageFolder).toMatch(/image$/);
  });
});
