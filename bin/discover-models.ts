import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Deployment } from '../contract/deployment/deployment.ts';
import type { Model } from '../contract/model/model.ts';
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
  const [model, deployment] = await Promise.all([
    loadExport<Model>(folder, name, 'model'),
    loadExport<Deployment>(folder, name, 'deployment'),
  ]);
  const problems = [model, deployment].flatMap((part) => ('problem' in part ? [part.problem] : []));
  if ('value' in model && model.value.name !== name) {
    problems.push(
      `models/${name}/model.ts: the model is named "${model.value.name}"; name it as its folder, "${name}"`,
    );
  }
  if (problems.length > 0 || !('value' in model) || !('value' in deployment))
    return { problem: problems.join('\n') };
  return { model: model.value, deployment: deployment.value, functions: model.functions };
}

interface LoadedExport<T> {
  readonly value: T;
  /** Every function that the module exports, by name. */
  readonly functions: ReadonlyMap<string, ExportedFunction>;
}

/** What `models/<name>/<part>.ts` exports under the name of the part, or what is wrong with the file. */
async function loadExport<T>(
  folder: string,
  name: string,
  part: 'model' | 'deployment',
): Promise<LoadedExport<T> | { readonly problem: string }> {
  const file = join(folder, name, `${part}.ts`);
  const shown = `models/${name}/${part}.ts`;
  const remedy = `declare it with ${part === 'model' ? 'defineModel' : 'defineDeployment'}`;
  if (!existsSync(file)) return { problem: `${shown}: does not exist; ${remedy}` };
  try {
    const source = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const value = source[part] as T | undefined;
    if (value === undefined) return { problem: `${shown}: exports no "${part}"; ${remedy}` };
    return { value, functions: new Map(Object.entries(source).filter(isFunction)) };
  } catch (error) {
    return { problem: `${shown}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function isFunction(entry: [string, unknown]): entry is [string, ExportedFunction] {
  return typeof entry[1] === 'function';
}
