import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainingError } from './training-target.ts';

/** Runs a program to its end, its output going to the terminal. Rejects with code ENOENT if there is none. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<number | null>;

/** Reads the standard output of a program. Rejects with code ENOENT if there is none. */
export type ReadProgram = (program: string, args: readonly string[]) => Promise<string>;

export interface PythonEnvironmentProps {
  /** Holds `requirements.txt`, and gets `.venv`. */
  readonly folder: string;
  /** The Python to make the environment of. */
  readonly python: string;
  readonly platform: NodeJS.Platform;
  readonly run: RunProgram;
  readonly read: ReadProgram;
  readonly print: (line: string) => void;
}

const OLDEST_MINOR = 10;

/**
 * Makes the virtual environment of a training folder, unless it is there already for the same requirements and the same
 * Python.
 *
 * @returns the environment's Python
 * @throws TrainingError if there is no Python, an old one, or a package can't be installed
 */
export async function pythonEnvironment(props: PythonEnvironmentProps): Promise<string> {
  const { folder, platform, run, print } = props;
  const venv = join(folder, '.venv');
  const executable = platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
  const requirements = join(folder, 'requirements.txt');
  const stampFile = join(venv, 'furrow-requirements.sha256');
  const stamp = environmentStamp(readFileSync(requirements, 'utf8'), await pythonVersion(props));
  if (existsSync(executable) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return executable;
  }
  print(`Making the virtual environment ${venv}`);
  rmSync(venv, { recursive: true, force: true });
  if ((await run(props.python, ['-m', 'venv', venv])) !== 0) {
    throw new TrainingError(
      `${props.python} could not make a virtual environment. On Debian and Ubuntu its package python3-venv has to be installed.`,
    );
  }
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  if ((await run(executable, install)) !== 0) {
    throw new TrainingError(`pip could not install ${requirements}: its own message is above.`);
  }
  // Last, so that an environment that was not finished is made again.
  writeFileSync(stampFile, stamp);
  return executable;
}

/** Changes whenever an environment has to be made again. */
export function environmentStamp(requirements: string, pythonVersion: string): string {
  return createHash('sha256').update(`${pythonVersion}\n${requirements}`).digest('hex');
}

async function pythonVersion({ python, read }: PythonEnvironmentProps): Promise<string> {
  let answer: string;
  try {
    answer = await read(python, ['--version']);
  } catch (error) {
    throw new TrainingError(
      `There is no ${python} on this machine: install Python 3.${OLDEST_MINOR} or later, or name one in the variable PYTHON.`,
      { cause: error },
    );
  }
  const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(answer) ?? [];
  if (Number(major) !== 3 || Number(minor) < OLDEST_MINOR) {
    throw new TrainingError(
      `${python} is ${answer.trim() || 'of unknown version'}: training needs Python 3.${OLDEST_MINOR} or later. Name one in the variable PYTHON.`,
    );
  }
  return answer.trim();
}
