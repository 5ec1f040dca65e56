import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { type Deployment, settingsFor } from '../../../contract/deployment/deployment.ts';
import { furtherVariants, type Variants } from '../../../contract/deployment/variants.ts';
import { hasArtifact, type Model } from '../../../contract/model/model.ts';
import { APP_PROPS } from '../../../lib/app-props.ts';
import { type ModelBuilds, servingKey } from '../../../lib/bundling/build-models.ts';
import { layOut } from '../../../lib/bundling/function-folder.ts';
import type { Environment } from '../../../lib/environment.ts';
import { modelStackName, networkStackName, sharedStackName } from '../../../lib/names.ts';
import { addStacks } from '../../../lib/stacks/add-stacks.ts';

export interface Synthesized {
  readonly app: App;
  readonly model: Template;
  readonly shared: Template;
  /** Undefined where the environment has no network of its own. */
  readonly network: Template | undefined;
  /** What the assembly says about the model's stack besides its template. */
  readonly modelArtifact: CloudFormationStackArtifact;
  readonly sharedArtifact: CloudFormationStackArtifact;
}

/** Synthesizes one model in one environment, with stand-ins for what is bundled. */
export async function synthesizeModel(
  model: Model,
  deployment: Deployment,
  environment: Environment,
): Promise<Synthesized> {
  const folder = mkdtempSync(join(tmpdir(), 'furrow-template-'));
  try {
    const settings = settingsFor(deployment, environment.name);
    const app = new App({ ...APP_PROPS, outdir: join(folder, 'cdk.out') });
    await addStacks(app, {
      environment,
      models: [{ model, settings }],
      builds: standIns(folder, model, settings.variants),
    });
    const assembly = app.synth();
    const template = (name: string) => Template.fromJSON(assembly.getStackByName(name).template);
    return {
      app,
      model: template(modelStackName(environment.name, model.name)),
      shared: template(sharedStackName(environment.name)),
      network: environment.network && template(networkStackName(environment.name)),
      modelArtifact: assembly.getStackByName(modelStackName(environment.name, model.name)),
      sharedArtifact: assembly.getStackByName(sharedStackName(environment.name)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function standIns(folder: string, model: Model, variants: Variants | undefined): ModelBuilds {
  const imageFolder = join(folder, 'image');
  mkdirSync(imageFolder);
  writeFileSync(join(imageFolder, 'Dockerfile'), 'FROM scratch');
  return {
    handlerCode: (_, name) =>
      layOut({
        assemblyDir: folder,
        workDir: folder,
        index: `export const handler = () => '${name}';`,
        files: [],
      }),
    serving: new Map(
      archives(model, variants, folder).map(([key, archive]) => [key, { archive, imageFolder }]),
    ),
  };
}

/** An archive for the model, and one for each variant besides the champion: no two have the same content. */
function archives(model: Model, variants: Variants | undefined, folder: string) {
  if (!hasArtifact(model)) return [];
  const further = furtherVariants(variants).map(({ name }) => servingKey(model.name, name));
  return [model.name, ...further].map((key, index) => {
    const archive = join(folder, `model-${index}.tar.gz`);
    writeFileSync(archive, `weights of ${key}`);
    return [key, archive] as const;
  });
}
