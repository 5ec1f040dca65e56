import { join } from 'node:path';
import type { DeploymentSettings } from '../../contract/deployment.ts';
import { type ArtifactModel, hasArtifact, type Model } from '../../contract/model.ts';
import type { ServingBuild } from '../hosting/serving-build.ts';
import { bundleHandlers, type HandlerFolder } from './bundle-handlers.ts';
import { bundleServer } from './bundle-server.ts';
import type { HandlerSource } from './handler-entries.ts';
import { packModel } from './model-archive.ts';

export interface BuildModelsOptions {
  /** The folder that holds `models/`, `lambda/` and `serving/`. */
  readonly root: string;
  readonly models: readonly { readonly model: Model; readonly settings: DeploymentSettings }[];
  readonly outDir: string;
}

/** What the stacks of all models ship. */
export interface ModelBuilds {
  readonly handlerFolder: HandlerFolder;
  /** By model; absent for a model that runs inside its functions. */
  readonly serving: ReadonlyMap<string, ServingBuild>;
}

/** Builds everything that the stacks ship: functions, the model server's image, and the models' archives. */
export async function buildModels({ root, models, outDir }: BuildModelsOptions): Promise<ModelBuilds> {
  const served = models
    .filter(({ settings }) => settings.hosting.mode !== 'lambda')
    .map(({ model }) => model)
    .filter(hasArtifact);
  const imageFolder = join(outDir, 'image');
  const [handlerFolder, archives] = await Promise.all([
    bundleHandlers({
      root,
      sources: models.map(({ model, settings }) => handlerSource(model, settings)),
      outDir: join(outDir, 'functions'),
    }),
    Promise.all(served.map((model) => archiveOf(model, root, outDir))),
    served.length > 0 ? bundleServer({ root, outDir: imageFolder }) : undefined,
  ]);
  return {
    handlerFolder,
    serving: new Map(archives.map(([name, archive]) => [name, { archive, imageFolder }])),
  };
}

function handlerSource(model: Model, { hosting }: DeploymentSettings): HandlerSource {
  if (hosting.mode !== 'lambda') return { model: model.name, predictor: 'endpoint' };
  if (!hasArtifact(model)) return { model: model.name, predictor: 'in-process' };
  return { model: model.name, predictor: 'onnx', artifact: model.artifact };
}

async function archiveOf(model: ArtifactModel, root: string, outDir: string): Promise<[string, string]> {
  return [model.name, await packModel({ root, model, outDir: join(outDir, 'models', model.name) })];
}
