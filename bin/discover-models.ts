import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Deployment } from '../contract/deployment.ts';
import type { Model } from '../contract/model.ts';
import type { ExportedFunction } from './variant-sources.ts';

/** A model's folder, loaded. */
export interface DiscoveredModel {
  readonly model: Model;
  readonly deployment: Deployment;
  /** The functions that `model.ts` exports besides, by name. */
  readonly functions: ReadonlyMap<string, ExportedFunction>;
}

/** Models that can't be deployed as they are; the message lists everything wrong with all of them. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

/**
 * Loads every folder of `models/` that has a `model.ts`.
 * @throws {DiscoveryError} with what is wrong in all the folders at once
 */
export async function discoverModels(root: string): Promise<readonly DiscoveredModel[]> {
  const folder = join(root, 'models');
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'model.ts')))
    .map((entry) => entry.name)
    .sort();
  const loaded = await Promise.all(names.map((name) => load(folder, name)));
  const problems = loaded.flatMap((result) => ('problem' in result ? [result.problem] : []));
  if (problems.length > 0) throw new DiscoveryError(problems.join('\n'));
  return loaded.flatMap((result) => ('model' in result ? [result] : []));
}

async function load(folder: string, name: string): Promise<DiscoveredModel | { readonly problem: string }> {
  const module = (file: string) => join(folder, name, file);
  if (!existsSync(module('deployment.ts'))) {
    return { problem: `models/${name}/deployment.ts: does not exist; declare it with defineDeployment` };
  }
  try {
    const source = (await import(pathToFileURL(module('model.ts')).href)) as { readonly model?: Model };
    const { model } = source;
    const { deployment } = (await import(pathToFileURL(module('deployment.ts')).href)) as {
      readonly deployment?: Deployment;
    };
    if (model === undefined) {
      return { problem: `models/${name}/model.ts: exports no "model"; declare it with defineModel` };
    }
    if (deployment === undefined) {
      return {
        problem: `models/${name}/deployment.ts: exports no "deployment"; declare it with defineDeployment`,
      };
    }
    if (model.name !== name) {
      return {
        problem: `models/${name}/model.ts: the model is named "${model.name}"; name it as its folder, "${name}"`,
      };
    }
    const functions = Object.entries<unknown>({ ...source }).filter(isFunction);
    return { model, deployment, functions: new Map(functions) };
  } catch (error) {
    return { problem: `models/${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function isFunction(entry: [string, unknown]): entry is [string, ExportedFunction] {
  return typeof entry[1] === 'function';
}
