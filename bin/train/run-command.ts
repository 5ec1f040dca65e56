import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trainCommand, USE, UsageError } from './command-line.ts';
import { compareArtifacts } from './compare-artifacts.ts';
import { isReproduced, report } from './report.ts';
import {
  type LoadModel,
  TrainingError,
  type TrainingTarget,
  trainedModels,
  trainingTarget,
} from './training-target.ts';

export interface CommandProps {
  /** The project's folder. */
  readonly root: string;
  readonly load: LoadModel;
  /**
   * Trains a model and writes its artifacts into a folder, which may not exist yet.
   * @throws {TrainingError} where that fails
   */
  readonly train: (target: TrainingTarget, artifacts: string) => Promise<void>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

/**
 * Carries `npm run train` out.
 * @returns the code to end with: 0 where a model was trained, or where every one that was checked is reproduced; 1 where not;
 * 2 where the command was used wrongly
 */
export async function runCommand(args: readonly string[], props: CommandProps): Promise<0 | 1 | 2> {
  try {
    const command = trainCommand(args);
    switch (command.kind) {
      case 'help':
        props.print(USE);
        return 0;
      case 'train':
        await train(command.name, props);
        return 0;
      case 'check':
        return (await check(command.name, props)) ? 0 : 1;
    }
  } catch (error) {
    if (error instanceof UsageError) {
      props.printError(`${error.message}\n\n${USE}`);
      return 2;
    }
    if (!(error instanceof TrainingError)) throw error;
    props.printError(error.message);
    return 1;
  }
}

async function train(name: string, props: CommandProps): Promise<void> {
  const target = await trainingTarget(props.root, name, props.load);
  await props.train(target, target.artifacts);
  props.print(`Artifacts are in ${target.artifacts}`);
}

/** Checks one model, or all that have training. One whose training fails keeps none of the others from being checked. */
async function check(name: string | undefined, props: CommandProps): Promise<boolean> {
  if (name !== undefined) return await checkModel(name, props);
  const names = trainedModels(props.root);
  if (names.length === 0) props.print('No model has a folder training/: there is nothing to check.');
  let reproduced = true;
  for (const one of names) {
    try {
      if (!(await checkModel(one, props))) reproduced = false;
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      props.printError(`${one}: ${error.message}`);
      reproduced = false;
    }
  }
  return reproduced;
}

/** Whether training makes the artifacts that are there. */
async function checkModel(name: string, { root, load, train, print }: CommandProps): Promise<boolean> {
  const target = await trainingTarget(root, name, load);
  const scratch = mkdtempSync(join(tmpdir(), 'furrow-train-check-'));
  try {
    const trained = join(scratch, 'artifacts');
    await train(target, trained);
    const files = await compareArtifacts(target.model, { committed: target.artifacts, trained });
    const reproduced = isReproduced(files);
    for (const line of report(name, files)) print(line);
    print(`${name}: training ${reproduced ? 'reproduces' : 'does NOT reproduce'} the artifacts`);
    return reproduced;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
