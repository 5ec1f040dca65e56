import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { eachLine } from './function-log.ts';

/** The folder of the program that every execution environment runs. */
export const RUNTIME_DIR = fileURLToPath(new URL('./runtime', import.meta.url));

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface SandboxOptions {
  readonly taskRoot: string;
  readonly memoryMb: number;
  /** How far the local cloud's clock is ahead of the machine's, in milliseconds. */
  readonly aheadMs: number;
  readonly variables: Readonly<Record<string, string>>;
  onLine(line: string): void;
}

/** The Node.js process of one execution environment. */
export class Sandbox {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Resolves when the process has ended. */
  readonly exit: Promise<Exit>;
  /** Resolves when everything it wrote has been read as well. */
  readonly drained: Promise<void>;

  constructor(options: SandboxOptions) {
    // V8 is left a tenth of the memory for everything outside its heap, as in the managed runtime.
    const heapMb = Math.floor(options.memoryMb * 0.9);
    this.#child = spawn(
      process.execPath,
      [`--max-old-space-size=${heapMb}`, `${RUNTIME_DIR}/bootstrap.mjs`, String(options.aheadMs)],
      {
        cwd: options.taskRoot,
        env: { ...options.variables },
        stdio: ['pipe', 'pipe', 'pipe'],
        // A process group of its own: Ctrl-C in the terminal reaches the local cloud, which ends its functions itself.
        detached: true,
      },
    );
    // The pipe is only there to break when the local cloud dies.
    this.#child.stdin.on('error', () => undefined);
    eachLine(this.#child.stdout, options.onLine);
    eachLine(this.#child.stderr, options.onLine);
    this.exit = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
      this.#child.once('error', () => resolve({ code: 1, signal: null }));
    });
    this.drained = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', () => resolve());
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the process and whatever it started. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // Ended in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
