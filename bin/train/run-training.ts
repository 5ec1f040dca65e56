import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PythonEnvironmentProps, pythonEnvironment } from './python-environment.ts';
import { trainingSchema } from './training-schema.ts';
import { TrainingError, type TrainingTarget } from './training-target.ts';

/**
 * Runs a model's training in the virtual environment that its requirements ask for.
 *
 * Of `train.py` it asks one thing: with `--artifacts FOLDER --schema FILE` it writes all its artifacts into the folder,
 * which may not exist yet, and ends with 0. The file is the JSON Schema of a training row by the model's contract.
 * @param artifacts where the artifacts go
 * @throws {TrainingError} where there is no environment, or the training fails
 */
export async function runTraining(
  { model, folder }: Pick<TrainingTarget, 'model' | 'folder'>,
  artifacts: string,
  environment: Omit<PythonEnvironmentProps, 'folder'>,
): Promise<void> {
  const python = await pythonEnvironment({ ...environment, folder });
  const scratch = mkdtempSync(join(tmpdir(), 'furrow-train-'));
  try {
    const schema = join(scratch, 'schema.json');
    writeFileSync(schema, JSON.stringify(trainingSchema(model)));
    const script = join(folder, 'train.py');
    const code = await environment.run(python, [script, '--artifacts', artifacts, '--schema', schema]);
    if (code !== 0) throw new TrainingError(`${script} failed: its own message is above.`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
