import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./run-cloud.ts', import.meta.url));

/** A cloud in a process of its own. */
export interface CloudProcess {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** @throws {Error} with what the process printed, where it ends before it is ready */
export async function spawnCloud(assemblyDir: string, dataDir: string): Promise<CloudProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', SCRIPT, assemblyDir, dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout === null || child.stderr === null) throw new Error('the process has no output');
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'exit');
  const first = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => undefined),
  ]);
  if (first === undefined) throw new Error(Buffer.concat(errors).toString('utf8'));
  return {
    url: String(first[0]),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
