import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { USE } from '../../../bin/train/command-line.ts';
import { runCommand } from '../../../bin/train/run-command.ts';
import { TrainingError } from '../../../bin/train/training-target.ts';
import { multiplied } from './models.ts';

let root: string;
/** What training writes of each model; none for one that fails. */
let makes: Record<string, string | undefined>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'train-command-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  makes = { first: '{"rows":1}', second: '{"rows":2}' };
  for (const name of ['first', 'second']) {
    for (const folder of ['training', 'artifacts']) {
      mkdirSync(join(root, 'models', name, folder), { recursive: true });
    }
    for (const file of ['model.ts', 'training/train.py', 'training/requirements.txt']) {
      writeFileSync(join(root, 'models', name, file), '');
    }
    writeFileSync(
      join(root, 'models', name, 'artifacts/metrics.json'),
      `{ "rows": ${name === 'first' ? 1 : 2} }`,
    );
  }
});

async function run(...args: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const folders: string[] = [];
  const code = await runCommand(args, {
    root,
    load: async () => multiplied,
    train: async ({ folder }, artifacts) => {
      folders.push(artifacts);
      const made = makes[folder.includes('first') ? 'first' : 'second'];
      if (made === undefined) throw new TrainingError('train.py failed');
      mkdirSync(artifacts, { recursive: true });
      writeFileSync(join(artifacts, 'metrics.json'), made);
    },
    print: (line) => lines.push(line),
    printError: (line) => errors.push(line),
  });
  return { code, lines, errors, folders };
}

const committed = (name: string) =>
  readFileSync(join(root, 'models', name, 'artifacts/metrics.json'), 'utf8');

describe('npm run train', () => {
  it('NAME writes the artifacts of the model', async () => {
    makes.first = '{"rows":7}';
    expect(await run('first')).toMatchObject({
      code: 0,
      lines: [`Artifacts are in ${join(root, 'models/first/artifacts')}`],
    });
    expect(committed('first')).toBe('{"rows":7}');
  });

  it('NAME --check ends with 0 where training makes what is there', async () => {
    expect(await run('first', '--check')).toMatchObject({
      code: 0,
      lines: [
        'models/first/artifacts/metrics.json: the same, its numbers within the tolerance of a training',
        'first: training reproduces the artifacts',
      ],
    });
  });

  it('NAME --check ends with 1 where it does not, and leaves the artifacts and nothing else', async () => {
    makes.first = '{"rows":7}';
    const { code, lines, folders } = await run('first', '--check');
    expect(code).toBe(1);
    expect(lines).toEqual([
      'models/first/artifacts/metrics.json /rows: committed 1, trained 7 (relative difference 6.00)',
      'first: training does NOT reproduce the artifacts',
    ]);
    expect(committed('first')).toBe('{ "rows": 1 }');
    expect(readdirSync(join(root, 'models/first/artifacts'))).toEqual(['metrics.json']);
    expect(() => readdirSync(folders[0] ?? '')).toThrow('ENOENT');
  });

  it('--check goes through all models that have training, whatever becomes of the first', async () => {
    expect((await run('--check')).code).toBe(0);

    makes.first = '{"rows":7}';
    const different = await run('--check');
    expect(different.code).toBe(1);
    expect(different.lines.at(-1)).toBe('second: training reproduces the artifacts');

    makes.first = undefined;
    const failed = await run('--check');
    expect(failed).toMatchObject({ code: 1, errors: ['first: train.py failed'] });
    expect(failed.lines.at(-1)).toBe('second: training reproduces the artifacts');
  });

  it('--check says where there is nothing to check', async () => {
    rmSync(join(root, 'models'), { recursive: true });
    mkdirSync(join(root, 'models'));
    expect(await run('--check')).toMatchObject({
      code: 0,
      lines: ['No model has a folder training/: there is nothing to check.'],
    });
  });

  it('ends with 1 where training fails', async () => {
    makes.first = undefined;
    expect(await run('first')).toMatchObject({ code: 1, errors: ['train.py failed'] });
    expect(await run('first', '--check')).toMatchObject({ code: 1, errors: ['train.py failed'] });
  });

  it('--help says how it is used', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, lines: [USE], folders: [] });
  });

  it.each([[['third']], [[]], [['first', '--chekc']]])('%j ends with 2 and trains nothing', async (args) => {
    const { code, errors, folders } = await run(...args);
    expect({ code, folders }).toEqual({ code: 2, folders: [] });
    expect(errors[0]).toContain(USE);
  });
});
