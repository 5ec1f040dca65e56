import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runTraining } from '../../../bin/train/run-training.ts';
import { trainingSchema } from '../../../bin/train/training-schema.ts';
import { TrainingError } from '../../../bin/train/training-target.ts';
import { multiplied } from './models.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'training-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'requirements.txt'), '');
});

/** Runs a training that ends with a code; the schema is read while it runs. */
async function train(code: number | null) {
  const runs: { program: string; args: readonly string[]; schema: unknown }[] = [];
  const result = runTraining({ model: multiplied, folder }, join(folder, 'made'), {
    python: 'python3',
    platform: 'linux',
    print: () => undefined,
    read: async () => 'Python 3.11.7\n',
    run: async (program, args) => {
      if (args[1] === 'venv') mkdirSync(join(folder, '.venv/bin'), { recursive: true });
      if (args[0] === '-m') return 0;
      runs.push({ program, args, schema: JSON.parse(readFileSync(args[4] ?? '', 'utf8')) });
      return code;
    },
  });
  const error = await result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { runs, error };
}

describe('a training', () => {
  it('is told where its artifacts go, and the schema of a row, which is gone when it ends', async () => {
    const { runs, error } = await train(0);
    expect(error).toBeUndefined();
    const schemaFile = runs[0]?.args[4] ?? '';
    expect(runs).toEqual([
      {
        program: join(folder, '.venv/bin/python'),
        args: [join(folder, 'train.py'), '--artifacts', join(folder, 'made'), '--schema', schemaFile],
        schema: trainingSchema(multiplied),
      },
    ]);
    expect(existsSync(schemaFile)).toBe(false);
  });

  it.each([[1], [null]])('fails where its script ends with %j', async (code) => {
    const { error, runs } = await train(code);
    expect(error).toEqual(new TrainingError(`${join(folder, 'train.py')} failed: its own message is above.`));
    expect(existsSync(runs[0]?.args[4] ?? '')).toBe(false);
  });
});
