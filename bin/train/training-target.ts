import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasArtifact, type Model } from '../../contract/model/model.ts';
import { UsageError } from './command-line.ts';

/** What is trained, and where it lies. */
export interface TrainingTarget {
  readonly model: Model;
  /** Holds `train.py` and `requirements.txt`. */
  readonly folder: string;
  readonly artifacts: string;
}

/** A command that can't be carried out, for a reason that its user can act on. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/** Loads a declaration, the `model.ts` of a model. */
export type LoadModel = (declaration: string) => Promise<Model>;

/**
 * Finds a model that can be trained, by its name.
 * @throws {UsageError} that lists the models, or says why the one named is not trained
 * @throws {TrainingError} where its declaration or its training is not complete
 */
export async function trainingTarget(root: string, name: string, load: LoadModel): Promise<TrainingTarget> {
  const names = modelNames(root);
  if (!names.includes(name)) {
    throw new UsageError(`There is no model "${name}". The models are: ${names.join(', ')}.`);
  }
  const model = await loaded(join(root, 'models', name, 'model.ts'), name, load);
  const folder = join(root, 'models', name, 'training');
  if (!existsSync(folder)) {
    throw new UsageError(
      hasArtifact(model)
        ? `${name} has an artifact, ${model.artifact}, but no folder training/: nothing here can make the artifact again. Put train.py and requirements.txt in models/${name}/training.`
        : `${name} is pure mathematics: it has no artifact, and nothing to train.`,
    );
  }
  for (const file of ['train.py', 'requirements.txt']) {
    if (!existsSync(join(folder, file))) {
      throw new TrainingError(`models/${name}/training/${file} is missing.`);
    }
  }
  return { model, folder, artifacts: join(root, 'models', name, 'artifacts') };
}

/** The names of all models that have a training folder. */
export function trainedModels(root: string): readonly string[] {
  return modelNames(root).filter((name) => existsSync(join(root, 'models', name, 'training')));
}

function modelNames(root: string): readonly string[] {
  const models = join(root, 'models');
  return readdirSync(models)
    .filter((name) => existsSync(join(models, name, 'model.ts')))
    .sort();
}

async function loaded(declaration: string, name: string, load: LoadModel): Promise<Model> {
  let model: Model | undefined;
  try {
    model = await load(declaration);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrainingError(`models/${name}/model.ts can't be loaded: ${reason}`, { cause: error });
  }
  if (model === undefined) {
    throw new TrainingError(`models/${name}/model.ts exports no "model": declare it with defineModel.`);
  }
  return model;
}
