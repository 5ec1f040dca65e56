import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PythonEnvironmentProps, pythonEnvironment } from '../../../bin/train/python-environment.ts';

describe('the virtual environment', () => {
  /** A Python that makes environments of one empty file, and notes what it was asked. */
  function setUp(props: Partial<PythonEnvironmentProps> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'train-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'requirements.txt'), '');
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
