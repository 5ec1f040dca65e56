import { join } from 'node:path';
import type { DeploymentSettings } from '../../contract/deployment.ts';
import { takesImages } from '../../contract/image.ts';
import { hasArtifact, type Model } from '../../contract/model.ts';
import { furtherVariants } from '../../contract/variants.ts';
import type { ServingBuild } from '../hosting/serving-build.ts';
import { bundleHandlers, type HandlerFolder } from './bundle-handlers.ts';
import { bundleServer } from './bundle-server.ts';
import { goldenPredictions } from './golden-predictions.ts';
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
  /** By model, and for variants besides the champion by {@link servingKey}; absent for what runs inside its functions. */
  readonly serving: ReadonlyMap<string, ServingBuild>;
}

/** Builds everything that the stacks ship: functions, the model server's image, and the models' archives. */
export async function buildModels({ root, models, outDir }: BuildModelsOptions): Promise<ModelBuilds> {
  const served = models
    .filter(({ settings }) => settings.hosting.mode !== 'lambda')
    .flatMap(({ model, settings }) => archivesOf(model, settings));
  const imageFolder = join(outDir, 'image');
  const [handlerFolder, archives] = await Promise.all([
    bundleHandlers({
      root,
      sources: models.map(({ model, settings }) => handlerSource(root, model, settings)),
      outDir: join(outDir, 'functions'),
    }),
    Promise.all(
      served.map(async ({ key, model }) => {
        const archive = await packModel({ root, model, outDir: join(outDir, 'models', key) });
        return [key, archive] as const;
      }),
    ),
    served.length > 0 ? bundleServer({ root, outDir: imageFolder }) : undefined,
  ]);
  return {
    handlerFolder,
    serving: new Map(archives.map(([key, archive]) => [key, { archive, imageFolder }])),
  };
}

/** Where a variant's serving build is found. */
export function servingKey(model: string, variant: string): string {
  return `${model}/${variant}`;
}

/** The artifacts of a model: its own, and its variants' with their versions. */
function archivesOf(model: Model, { variants }: DeploymentSettings) {
  if (!hasArtifact(model)) return [];
  const further = furtherVariants(variants).flatMap((variant) => {
    if (!('artifact' in variant)) return [];
    const { name, version, artifact } = variant;
    return [{ key: servingKey(model.name, name), model: { ...model, version, artifact } }];
  });
  return [{ key: model.name, model }, ...further];
}

function handlerSource(root: string, model: Model, settings: DeploymentSettings): HandlerSource {
  const { hosting, variants, access } = settings;
  const common = {
    model: model.name,
    authorizer: access.kind === 'jwt',
    uploads: takesImages(model),
    golden: goldenPredictions(root, model),
  };
  const further = { variants: furtherVariants(variants) };
  if (hosting.mode === 'asynchronous') return { ...common, predictor: 'asynchronous' };
  if (hosting.mode !== 'lambda') return { ...common, predictor: 'endpoint', ...further };
  if (!hasArtifact(model)) return { ...common, predictor: 'in-process', ...further };
  return { ...common, predictor: 'onnx', artifact: model.artifact };
}
