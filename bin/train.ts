import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Model } from '../contract/model.ts';
import { pythonEnvironment, type ReadProgram, type RunProgram } from './training/python-environment.ts';
import { trainingSchema } from './training/training-schema.ts';
import { TrainingError, type TrainingTarget, trainingTarget } from './training/training-target.ts';

// `npm run train -- NAME`: runs a model's training in a virtual environment of its own and writes its artifacts.

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const run: RunProgram = async (program, args) => {
  // Python would leave its bytecode among the sources.
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const [code] = await once(spawn(program, args, { stdio: 'inherit', env }), 'exit');
  return code;
};

const read: ReadProgram = async (program, args) => (await promisify(execFile)(program, [...args])).stdout;

async function train(target: TrainingTarget): Promise<void> {
  const python = await pythonEnvironment({
    folder: target.folder,
    python: process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'),
    platform: process.platform,
    run,
    read,
    print: console.log,
  });
  const { model }: { model: Model } = await import(pathToFileURL(target.declaration).href);
  const scratch = mkdtempSync(join(tmpdir(), 'furrow-train-'));
  try {
    const schema = join(scratch, 'schema.json');
    writeFileSync(schema, JSON.stringify(trainingSchema(model)));
    const script = join(target.folder, 'train.py');
    const code = await run(python, [script, '--artifacts', target.artifacts, '--schema', schema]);
    if (code !== 0) throw new TrainingError(`${script} failed: its own message is above.`);
    console.log(`Artifacts are in ${target.artifacts}`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

try {
  await train(trainingTarget(ROOT, process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof TrainingError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
