import type { Clock } from '../../clock/clock.ts';
import type { ProcessRecord } from '../model/leftovers.ts';
import { ModelProcess } from '../model/model-process.ts';
import type { Program } from '../model/program.ts';

/** Milliseconds before the first restart; doubled for every failure in a row. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;
/** Milliseconds after which a process that ends counts as a new failure, not as one more in a row. */
const STABLE_AFTER_MS = 30_000;

export interface InstanceOptions {
  readonly program: Program;
  readonly clock: Clock;
  readonly preload: string;
  readonly record: ProcessRecord;
  /** Milliseconds that a process may take until it answers pings. */
  readonly startupTimeoutMs: number;
  /** Takes every line that a process prints. */
  print(line: string): void;
  warn(message: string): void;
  /** Told when a process has become healthy. */
  onReady?(): void;
}

/** One place for a model server: it holds a process, and puts another in its place when that ends. */
export class Instance {
  readonly #options: InstanceOptions;
  #process: ModelProcess | undefined;
  #starting: Promise<ModelProcess> | undefined;
  #failures = 0;
  #stopped = false;
  #cancelRestart: (() => void) | undefined;
  /** Requests that the process is working on. */
  load = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** The healthy process, or undefined while there is none. */
  get process(): ModelProcess | undefined {
    return this.#process;
  }

  /** The healthy process; starts one where there is none. @throws {Error} where it does not become healthy */
  start(): Promise<ModelProcess> {
    if (this.#process !== undefined) return Promise.resolve(this.#process);
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Starts a process now, and another one whenever it ends, each time waiting longer. */
  async keepRunning(): Promise<void> {
    const process = await this.start();
    void process.exited.then(() => this.#restartLater());
  }

  /** Keeps a process running from now on, without anybody waiting for the first one. */
  keepTrying(): void {
    this.keepRunning().catch((error: Error) => {
      this.#options.warn(error.message);
      this.#restartLater();
    });
  }

  /** Gives up a process that no longer listens; its end may not have been noticed yet. */
  discard(process: ModelProcess): void {
    if (this.#process === process) this.#process = undefined;
    void process.stop();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart?.();
    await this.#starting?.catch(() => undefined);
    await this.#process?.stop();
  }

  async #launch(): Promise<ModelProcess> {
    const { program, clock, preload, record, print, warn, onReady, startupTimeoutMs } = this.#options;
    const startedAt = clock.now();
    const process = await ModelProcess.spawn(program, { clock, preload, print });
    record.add(process.pid);
    let healthy = false;
    void process.exited.then((how) => {
      record.remove(process.pid);
      if (this.#process === process) this.#process = undefined;
      if (this.#stopped) return;
      if (healthy) warn(`the model process ${process.pid} ended with ${how}`);
      this.#failures = clock.now() - startedAt < STABLE_AFTER_MS ? this.#failures + 1 : 1;
    });
    try {
      await process.healthy(startupTimeoutMs, (reason) =>
        warn(`the model process ${process.pid} is not healthy yet: GET /ping answers ${reason}`),
      );
      healthy = true;
    } catch (error) {
      await process.stop();
      throw error;
    }
    if (this.#stopped) {
      await process.stop();
      return process;
    }
    this.#process = process;
    onReady?.();
    return process;
  }

  #restartLater(): void {
    if (this.#stopped) return;
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#failures - 1), LONGEST_BACKOFF_MS);
    this.#cancelRestart = this.#options.clock.after(wait, () => this.keepTrying());
  }
}
