import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ROOT } from './assembly.ts';
import type { ModelAddress } from './client.ts';

export interface ReadyEvent {
  readonly event: 'ready';
  readonly models: readonly ModelAddress[];
  readonly frontDoor: string;
}

/** A local cloud in a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  readonly ready: Promise<ReadyEvent>;
  /** Lines that went to standard error so far. */
  readonly errors: readonly string[];
  readonly exited: Promise<number | null>;
  /** `kill -9` of the process and of every process below it. */
  killEverything(): Promise<void>;
  /** As Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Starts the start command with `--json`.
 * @param root the project whose command it is
 */
export function startProcess(options: readonly string[], root = ROOT): ServerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', '--json', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    ready: readyEvent(child, errors),
    errors,
    exited,
    killEverything: async () => {
      for (const pid of [child.pid ?? 0, ...descendants(child.pid ?? 0)]) kill(pid);
      await exited;
    },
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}

async function readyEvent(child: ChildProcess, errors: readonly string[]): Promise<ReadyEvent> {
  if (child.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.event === 'ready') {
      child.stdout.resume();
      return event;
    }
  }
  throw new Error(`it ended before it was ready:\n${errors.join('\n')}`);
}

/** Every process below one, parents first. */
function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    table.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** A process that is gone already needs no killing. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
