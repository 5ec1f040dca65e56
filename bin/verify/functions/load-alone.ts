import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AssemblyFunction } from './assembly-functions.ts';

/** How long a function may take to load, in milliseconds: Lambda gives it ten seconds (Lambda quotas, "Init phase"). */
const INIT_LIMIT_MS = 10_000;

/** Loads the module that the arguments name and asks for its handler. */
const LOADER = `
const [, module, name] = process.argv;
const loaded = await import(module);
if (typeof loaded[name] !== 'function') throw new Error('it exports no function ' + name);
process.exit(0);`;

/** What Lambda sets in every function's environment, in part. */
const LAMBDA_VARIABLES = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'function',
  AWS_LAMBDA_FUNCTION_VERSION: '1',
  AWS_ACCESS_KEY_ID: 'nobody',
  AWS_SECRET_ACCESS_KEY: 'nothing',
};

/**
 * Loads a function in a process of its own that has nothing but the function's folder and its environment.
 * @returns what went wrong; undefined where the function is ready for its first event
 */
export async function loadAlone({
  folder,
  handler,
  variables,
}: AssemblyFunction): Promise<string | undefined> {
  const [module = '', name = ''] = handler.split('.');
  const environment = Object.fromEntries([...variables].map(([key, value]) => [key, textOf(value)]));
  const options = {
    cwd: folder,
    env: { ...LAMBDA_VARIABLES, LAMBDA_TASK_ROOT: folder, ...environment },
    timeout: INIT_LIMIT_MS,
  };
  const args = ['--input-type=module', '--eval', LOADER, join(folder, `${module}.mjs`), name];
  try {
    await promisify(execFile)(process.execPath, args, options);
    return undefined;
  } catch (error) {
    const { stderr = '', killed = false } = error as { readonly stderr?: string; readonly killed?: boolean };
    if (killed) return `it is not ready after ${INIT_LIMIT_MS / 1000} s`;
    return (
      stderr.split('\n').find((line) => /^\w*(Error|Exception)\b/.test(line)) ??
      (stderr.trim() || String(error))
    );
  }
}

/** What is known at deployment only is some address, or an ARN, of some resource. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return `https://sqs.eu-west-1.amazonaws.com/111122223333/${Object.keys(value as object).join('')}`;
}
