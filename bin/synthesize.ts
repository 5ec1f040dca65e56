import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { type DeploymentSettings, settingsFor } from '../contract/deployment/deployment.ts';
import { furtherVariants } from '../contract/deployment/variants.ts';
import { hasArtifact, type Model } from '../contract/model/model.ts';
import { filesOfFolder } from '../lib/bundling/artifact-files.ts';
import {
  type BuildModelsOptions,
  type BuiltModel,
  buildModels,
  type ModelBuilds,
} from '../lib/bundling/build-models.ts';
import { readReference } from '../lib/bundling/golden-predictions.ts';
import type { Environment } from '../lib/environment.ts';
import { type CheckedDeployment, checkDeployments } from '../lib/validation/deployment-problems.ts';
import type { DiscoveredModel } from './discover-models.ts';
import { ENVIRONMENTS } from './environments.ts';
import { variantSources } from './variant-sources.ts';

export interface SynthesizeOptions {
  /** The project's root: it holds `models/`, `lambda/` and `serving/`. */
  readonly root: string;
  readonly environment: Environment;
  readonly models: readonly DiscoveredModel[];
  /** Builds what the stacks ship. @default - all of it anew */
  readonly build?: (options: BuildOptions) => Promise<ModelBuilds>;
}

/**
 * What to build, and where: below the assembly's folder, so that it can be moved and linked, and in one of its own, so that two
 * runs at the same time do not disturb each other.
 */
export type BuildOptions = Pick<BuildModelsOptions, 'models' | 'assemblyDir' | 'workDir'>;

/**
 * Builds what the stacks ship, adds the stacks to the app and writes the cloud assembly.
 * @throws {DeploymentError} before anything is built, if a model can't be deployed as declared
 */
export async function synthesize(app: App, options: SynthesizeOptions): Promise<void> {
  const { root, environment, models, build = (built) => buildModels({ root, ...built }) } = options;
  const checked = models.map((one) => resolve(root, environment, one));
  checkDeployments(checked, {
    ...environment,
    environment: environment.name,
    environments: Object.keys(ENVIRONMENTS),
  });
  const assemblyDir = app.outdir;
  if (!isAbsolute(assemblyDir))
    throw new Error(
      `the app's outdir is "${assemblyDir}": it has to be absolute, for programs that run elsewhere`,
    );
  mkdirSync(assemblyDir, { recursive: true });
  const workDir = mkdtempSync(join(assemblyDir, 'build-'));
  try {
    // The constructs are loaded while esbuild, a process of its own, is at work.
    const [builds, { addStacks }] = await Promise.all([
      build({ models: checked, assemblyDir, workDir }),
      import('../lib/stacks/add-stacks.ts'),
    ]);
    await addStacks(app, { environment, models: checked, builds });
    app.synth();
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

function resolve(
  root: string,
  environment: Environment,
  one: DiscoveredModel,
): CheckedDeployment & BuiltModel {
  const { model, deployment, functions } = one;
  const settings = settingsFor(deployment, environment.name);
  const pathOf = (artifact: string) => join(root, 'models', model.name, 'artifacts', artifact);
  const fileOf = (artifact: string) => statSync(pathOf(artifact), { throwIfNoEntry: false });
  const hasFile = (artifact: string) => fileOf(artifact) !== undefined;
  const artifactBytes = hasArtifact(model) ? fileOf(model.artifact)?.size : undefined;
  const reference = readReference(root, model);
  return {
    model,
    deployment,
    settings,
    reference,
    artifactExists: !hasArtifact(model) || artifactBytes !== undefined,
    ...(artifactBytes !== undefined && { artifactBytes }),
    ...(reference !== undefined && 'problems' in reference && { goldenProblems: reference.problems }),
    artifactFolders: artifactFolders(model, settings, pathOf),
    dockerfileExists: hasDockerfile(root, settings),
    variantSources: variantSources({ model, variants: settings.variants, functions, hasFile }),
  };
}

/** The files of every artifact that is a folder: the model's own, and its variants'. */
function artifactFolders(
  model: Model,
  { variants }: DeploymentSettings,
  pathOf: (artifact: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const artifacts = [model, ...furtherVariants(variants)].flatMap((one) =>
    'artifact' in one ? [one.artifact] : [],
  );
  return new Map(
    artifacts.flatMap((artifact) => {
      const files = filesOfFolder(pathOf(artifact));
      return files === undefined ? [] : [[artifact, files] as const];
    }),
  );
}

function hasDockerfile(root: string, { hosting }: DeploymentSettings): boolean {
  if (!('container' in hosting) || hosting.container.kind !== 'dockerfile') return true;
  return existsSync(join(root, hosting.container.folder, 'Dockerfile'));
}
