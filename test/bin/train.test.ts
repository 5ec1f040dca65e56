import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type PythonEnvironmentProps, pythonEnvironment } from '../../bin/training/python-environment.ts';
import { trainingSchema } from '../../bin/training/training-schema.ts';
import { trainingTarget } from '../../bin/training/training-target.ts';
import { model } from '../../models/barley-yield/model.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'train-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, files] of Object.entries({
    trained: ['model.ts', 'training/train.py', 'training/requirements.txt'],
    computed: ['model.ts'],
    unfinished: ['model.ts', 'training/train.py'],
    notes: ['README.md'],
  })) {
    for (const file of files) {
      mkdirSync(join(root, 'models', name, file, '..'), { recursive: true });
      writeFileSync(join(root, 'models', name, file), '');
    }
  }
});

describe('the model to train', () => {
  it('is found by its name', () => {
    const folder = join(root, 'models', 'trained');
    expect(trainingTarget(root, ['trained'])).toEqual({
      name: 'trained',
      declaration: join(folder, 'model.ts'),
      folder: join(folder, 'training'),
      artifacts: join(folder, 'artifacts'),
    });
  });

  it.each([
    [[], 'Name one model: npm run train -- NAME. The models are: computed, trained, unfinished.'],
    [
      ['trained', 'computed'],
      'Name one model: npm run train -- NAME. The models are: computed, trained, unfinished.',
    ],
    [['notes'], 'There is no model "notes". The models are: computed, trained, unfinished.'],
    [['computed'], 'computed is pure mathematics: it has no training folder, and nothing to train.'],
    [['unfinished'], 'models/unfinished/training/requirements.txt is missing.'],
  ])('%j is refused with what to do', (args, message) => {
    expect(() => trainingTarget(root, args)).toThrow(message);
  });
});

describe('the virtual environment', () => {
  /** A Python that makes environments of one empty file, and notes what it was asked. */
  function setUp(props: Partial<PythonEnvironmentProps> = {}) {
    const folder = join(root, 'models', 'trained', 'training');
    const calls: string[] = [];
    const run: PythonEnvironmentProps['run'] = async (_, args) => {
      calls.push(String(args[1]));
      if (args[1] === 'venv') {
        mkdirSync(join(folder, '.venv', 'bin'), { recursive: true });
        writeFileSync(join(folder, '.venv', 'bin', 'python'), '');
      }
      return 0;
    };
    const make = (changed: Partial<PythonEnvironmentProps> = {}) =>
      pythonEnvironment({
        folder,
        python: 'python3',
        platform: 'linux',
        run,
        read: async () => 'Python 3.11.7\n',
        print: () => undefined,
        ...props,
        ...changed,
      });
    return { folder, calls, make };
  }

  it('is made once, and made again when the requirements or the Python change', async () => {
    const { folder, calls, make } = setUp();
    expect(await make()).toBe(join(folder, '.venv', 'bin', 'python'));
    await make();
    expect(calls).toEqual(['venv', 'pip']);

    writeFileSync(join(folder, 'requirements.txt'), 'numpy==2.2.6\n');
    await make();
    expect(calls).toEqual(['venv', 'pip', 'venv', 'pip']);

    await make({ read: async () => 'Python 3.12.1\n' });
    expect(calls).toHaveLength(6);
  });

  it('is made again after an installation that failed', async () => {
    const { folder, calls, make } = setUp();
    const failing: PythonEnvironmentProps['run'] = async (_, args) => (args[1] === 'pip' ? 1 : 0);
    await expect(make({ run: failing })).rejects.toThrow('pip could not install');
    expect(existsSync(join(folder, '.venv', 'furrow-requirements.sha256'))).toBe(false);
    await make();
    expect(calls).toEqual(['venv', 'pip']);
  });

  it('needs a Python, and no old one', async () => {
    const { make } = setUp();
    const missing = () => Promise.reject(Object.assign(new Error('spawn python3'), { code: 'ENOENT' }));
    await expect(make({ read: missing })).rejects.toThrow(
      'There is no python3 on this machine: install Python 3.10 or later, or name one in the variable PYTHON.',
    );
    await expect(make({ read: async () => 'Python 3.9.18\n' })).rejects.toThrow(
      'python3 is Python 3.9.18: training needs Python 3.10 or later.',
    );
  });

  it('says so when it can not be made', async () => {
    const { make } = setUp({ run: async () => 1 });
    await expect(make()).rejects.toThrow('python3 could not make a virtual environment.');
  });
});

describe('the schema of a training row', () => {
  const valid = new Ajv2020({ strict: false }).compile(trainingSchema(model));

  it("accepts rows within the model's contract and no others", () => {
    const input = { variety: 'Trebi', site: 'Waseca' };
    expect(valid({ input, output: { yield: 3213 } })).toBe(true);
    expect(valid({ input: { ...input, site: 'Atlantis' }, output: { yield: 3213 } })).toBe(false);
    expect(valid({ input, output: { yield: -1 } })).toBe(false);
    expect(valid({ input })).toBe(false);
  });
});
