import { join } from 'node:path';
import { type Container, DEFAULT_CONTAINER } from '../../contract/deployment/containers.ts';
import type { DeploymentSettings } from '../../contract/deployment/deployment.ts';
import { furtherVariants } from '../../contract/deployment/variants.ts';
import { takesImages } from '../../contract/fields/image.ts';
import type { GoldenReading } from '../../contract/golden/golden-cases.ts';
import { type ArtifactModel, hasArtifact, type Model } from '../../contract/model/model.ts';
import { FEATURES } from '../features/features.ts';
import { functionsOf } from '../features/functions.ts';
import type { Feature } from '../functions/feature.ts';
import type { HandlerCodeOf } from '../functions/handler-code.ts';
import type { ServingBuild } from '../hosting/serving-build.ts';
import { allDone } from './all-done.ts';
import { type BundledModel, bundleHandlers } from './bundle-handlers.ts';
import { bundleServer } from './bundle-server.ts';
import { bundleFramework, type Framework } from './framework.ts';
import { goldenPredictions } from './golden-predictions.ts';
import { packModel } from './model-archive.ts';

export interface BuiltModel {
  readonly model: Model;
  readonly settings: DeploymentSettings;
  /** Its `reference.json`. @default - it has none */
  readonly reference?: GoldenReading | undefined;
}

export interface BuildModelsOptions {
  /** The folder that holds `models/`, `lambda/` and `serving/`. */
  readonly root: string;
  readonly models: readonly BuiltModel[];
  /** The cloud assembly's folder. */
  readonly assemblyDir: string;
  /** For what the assembly gets links to or copies of; on one file system with it. */
  readonly workDir: string;
  /** @default - it is bundled now */
  readonly framework?: Promise<Framework> | undefined;
  /** What deployed models do. @default - every feature there is */
  readonly features?: readonly Feature[];
}

/** What the stacks of all models ship. */
export interface ModelBuilds {
  readonly handlerCode: HandlerCodeOf;
  /** By model, and for variants besides the champion by {@link servingKey}; absent for what runs inside its functions. */
  readonly serving: ReadonlyMap<string, ServingBuild>;
}

/** Builds everything that the stacks ship: functions, the model server's image, and the models' archives. */
export async function buildModels(options: BuildModelsOptions): Promise<ModelBuilds> {
  const { root, models, assemblyDir, workDir, features = FEATURES } = options;
  const served = models.flatMap(({ model, settings }) => servedOf(model, settings));
  const serverFolder = join(workDir, 'image');
  const [handlerCode, serving] = await allDone([
    bundleHandlers({
      root,
      sources: models.map((built) => handlerSource(built, features)),
      assemblyDir,
      workDir: join(workDir, 'functions'),
      framework:
        options.framework ??
        bundleFramework(
          root,
          features.flatMap(({ functions }) => functions),
        ),
    }),
    Promise.all(
      served.map(async ({ key, model, container, inS3 }) => {
        const options = { root, model, container: container.kind, outDir: join(workDir, 'archives', key) };
        const archive = inS3 ? undefined : await packModel(options);
        return [key, { archive, imageFolder: imageFolderOf(container, root, serverFolder) }] as const;
      }),
    ),
    served.some(({ container }) => container.kind === 'serving')
      ? bundleServer({ root, outDir: serverFolder })
      : undefined,
  ]);
  return { handlerCode, serving: new Map(serving) };
}

/** Where a variant's serving build is found. */
export function servingKey(model: string, variant: string): string {
  return `${model}/${variant}`;
}

interface Served {
  readonly key: string;
  readonly model: ArtifactModel;
  readonly container: Container;
  /** Whether the archive lies in S3 already. */
  readonly inS3: boolean;
}

/** What containers serve of a model: its own artifact, and its variants' with their versions. */
function servedOf(model: Model, { hosting, variants, batch }: DeploymentSettings): readonly Served[] {
  if (!hasArtifact(model)) return [];
  if (hosting.mode === 'lambda') {
    const own = { key: model.name, model, container: DEFAULT_CONTAINER, inS3: false };
    return batch === undefined ? [] : [own];
  }
  const { container, modelData } = hosting;
  const further = furtherVariants(variants).flatMap((variant) => {
    if (!('artifact' in variant)) return [];
    const { name, version, artifact } = variant;
    const key = servingKey(model.name, name);
    return [{ key, model: { ...model, version, artifact }, container, inS3: false }];
  });
  return [{ key: model.name, model, container, inS3: modelData !== undefined }, ...further];
}

/** The build context of an image that is built here. */
function imageFolderOf(container: Container, root: string, serverFolder: string): string | undefined {
  if (container.kind === 'serving') return serverFolder;
  return container.kind === 'dockerfile' ? join(root, container.folder) : undefined;
}

function handlerSource(
  { model, settings, reference }: BuiltModel,
  features: readonly Feature[],
): BundledModel {
  const { hosting, variants } = settings;
  const common = {
    model: model.name,
    functions: functionsOf({ model, settings }, features),
    uploads: takesImages(model),
    golden: goldenPredictions(model, reference),
  };
  const further = { variants: furtherVariants(variants) };
  if (hosting.mode === 'asynchronous') return { ...common, predictor: 'asynchronous' };
  if (hosting.mode !== 'lambda') return { ...common, predictor: 'endpoint', ...further };
  if (!hasArtifact(model)) return { ...common, predictor: 'in-process', ...further };
  return { ...common, predictor: 'onnx', artifact: model.artifact };
}
