import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What is trained, and where it lies. */
export interface TrainingTarget {
  readonly name: string;
  /** The model's declaration, `model.ts`. */
  readonly declaration: string;
  /** Holds `train.py` and `requirements.txt`. */
  readonly folder: string;
  readonly artifacts: string;
}

/** A command that can't be carried out, for a reason that its user can act on. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/**
 * Finds the model that a command line names.
 *
 * @param args the command's arguments: one model name
 * @throws TrainingError that lists the models, or says that the one named is not trained
 */
export function trainingTarget(root: string, args: readonly string[]): TrainingTarget {
  const models = join(root, 'models');
  const names = readdirSync(models)
    .filter((name) => existsSync(join(models, name, 'model.ts')))
    .sort();
  const [name, ...rest] = args;
  const known = `The models are: ${names.join(', ')}.`;
  if (name === undefined || rest.length > 0) {
    throw new TrainingError(`Name one model: npm run train -- NAME. ${known}`);
  }
  if (!names.includes(name)) throw new TrainingError(`There is no model "${name}". ${known}`);
  const folder = join(models, name, 'training');
  if (!existsSync(folder)) {
    throw new TrainingError(`${name} is pure mathematics: it has no training folder, and nothing to train.`);
  }
  for (const file of ['train.py', 'requirements.txt']) {
    if (!existsSync(join(folder, file)))
      throw new TrainingError(`models/${name}/training/${file} is missing.`);
  }
  return {
    name,
    declaration: join(models, name, 'model.ts'),
    folder,
    artifacts: join(models, name, 'artifacts'),
  };
}
