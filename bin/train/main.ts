import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { PythonEnvironmentProps } from './python-environment.ts';
import { runCommand } from './run-command.ts';
import { runTraining } from './run-training.ts';

// `npm run train -- NAME`: runs a model's training in a virtual environment of its own and writes its artifacts. With
// `--check` it writes them elsewhere, and compares.

const ENVIRONMENT: Omit<PythonEnvironmentProps, 'folder'> = {
  python: process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3'),
  platform: process.platform,
  run: async (program, args) => {
    // Python would leave its bytecode among the sources.
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const [code] = await once(spawn(program, args, { stdio: 'inherit', env }), 'exit');
    return code;
  },
  read: async (program, args) => (await promisify(execFile)(program, [...args])).stdout,
  print: console.log,
};

process.exitCode = await runCommand(process.argv.slice(2), {
  root: join(dirname(fileURLToPath(import.meta.url)), '..', '..'),
  load: async (declaration) => (await import(pathToFileURL(declaration).href)).model,
  train: (target, artifacts) => runTraining(target, artifacts, ENVIRONMENT),
  print: console.log,
  printError: console.error,
});
