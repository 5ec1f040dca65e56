import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { layOut } from '../../../lib/bundling/function-folder.ts';
import type { Environment } from '../../../lib/environment.ts';
import { FEATURES } from '../../../lib/features/features.ts';
import { loadFeatures } from '../../../lib/functions/feature.ts';
import type { HandlerCodeOf } from '../../../lib/functions/handler-code.ts';
import type { ServingBuild } from '../../../lib/hosting/serving-build.ts';
import { ModelStack } from '../../../lib/stacks/model-stack.ts';
import { combinations, declared } from './combinations.ts';
import { HostingStack } from './hosting-stack.ts';

export interface AllowedOptions {
  readonly environment: Environment;
  /** Gets stand-ins for what would be built: a template names only their hashes. */
  readonly folder: string;
}

/**
 * Adds a stack for every combination that is allowed: of those with an endpoint the hosting, of those inside a function,
 * which is the stack, all of it.
 * @returns what each of them is, by the name of its stack
 */
export async function addAllowed(
  app: App,
  { environment, folder }: AllowedOptions,
): Promise<ReadonlyMap<string, string>> {
  const { serving, handlerCode } = standIns(folder);
  const allowed = combinations().filter(({ expected }) => expected.length === 0);
  const models = allowed.map((combination) => ({ title: combination.title, ...declared(combination) }));
  const features = await loadFeatures(FEATURES, models);
  return new Map(
    models.map(({ title, model, settings }) => {
      const stack =
        settings.hosting.mode === 'lambda'
          ? new ModelStack(app, {
              environment,
              model,
              settings,
              build: { handlerCode, servingOf: () => undefined },
              features,
            })
          : new HostingStack(app, { environment, model, settings, serving });
      return [stack.stackName, title];
    }),
  );
}

function standIns(folder: string): { serving: ServingBuild; handlerCode: HandlerCodeOf } {
  const imageFolder = join(folder, 'image');
  mkdirSync(imageFolder, { recursive: true });
  const archive = join(folder, 'model.tar.gz');
  const index = 'export const handler = () => {};\n';
  const code = layOut({ assemblyDir: folder, workDir: folder, index, files: [] });
  writeFileSync(join(imageFolder, 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(archive, 'weights');
  return { serving: { archive, imageFolder }, handlerCode: () => code };
}
