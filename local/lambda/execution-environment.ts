import { randomBytes } from 'node:crypto';
import { aheadOfMachine, type Clock, stopwatch } from '../clock/clock.ts';
import { exited, type FunctionError, outOfMemory, timedOut } from './errors.ts';
import type { PlatformLog, Report } from './function-log.ts';
import { MEMORY_SAMPLE_MS, residentMemory } from './process-memory.ts';
import { type Invocation, RuntimeApi } from './runtime-api.ts';
import { Sandbox } from './sandbox.ts';
import { traceRoot } from './trace-header.ts';

/** What one invocation came to. */
export interface Outcome {
  /** The result or the error object, as JSON. */
  readonly payload: string;
  readonly error: FunctionError | undefined;
  readonly durationMs: number;
}

export interface EnvironmentOptions {
  readonly taskRoot: string;
  readonly version: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly log: PlatformLog;
  readonly clock: Clock;
  variables(runtimeApi: string, logStream: string): Readonly<Record<string, string>>;
  onLine(line: string): void;
}

/** Init did not end well; `describe` gives the error in terms of the invocation that had to wait for it. */
export class InitFailed extends Error {
  override readonly name: string = 'InitFailed';
  readonly describe: (requestId: string) => FunctionError;

  constructor(describe: (requestId: string) => FunctionError) {
    super(describe('init').errorMessage);
    this.describe = describe;
  }
}

/** Init took longer than it may. */
export class InitTimedOut extends InitFailed {
  override readonly name = 'InitTimedOut';
}

interface Running {
  readonly invocation: Invocation;
  /** How many milliseconds it has taken so far. */
  readonly elapsed: () => number;
  readonly settle: (outcome: Outcome) => void;
}

const MEGABYTE = 1024 * 1024;

/**
 * One execution environment: a process, its runtime API and the rules it runs under.
 * What it tells is told by the local cloud's clock, which its process has too. Its time limits are kept in the machine's own
 * time, as its process runs: putting the clock forward ends no function.
 */
export class ExecutionEnvironment {
  readonly #options: EnvironmentOptions;
  readonly #elapsed: () => number;
  #api: RuntimeApi | undefined;
  #sandbox: Sandbox | undefined;
  #running: Running | undefined;
  #report: Report | undefined;
  #initDurationMs: number | undefined;
  #peakBytes = 0;
  #gone = false;
  #initialized: { resolve(): void; reject(error: InitFailed): void } | undefined;
  #idle: ((available: boolean) => void) | undefined;

  private constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#elapsed = stopwatch(options.clock);
  }

  /**
   * Starts a process and waits for its init phase.
   * @param initLimitSeconds after which init is given up
   * @throws {InitFailed} where the handler can't be loaded, {InitTimedOut} where it takes too long
   */
  static async start(options: EnvironmentOptions, initLimitSeconds: number): Promise<ExecutionEnvironment> {
    const environment = new ExecutionEnvironment(options);
    try {
      await environment.#init(initLimitSeconds);
      return environment;
    } catch (error) {
      await environment.close();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#sandbox?.pid;
  }

  /** Runs one invocation to its end, whatever that is. Only after `available` said yes. */
  run(invocation: Invocation): Promise<Outcome> {
    const { timeoutSeconds, version, log, onLine, clock } = this.#options;
    onLine(log.start(invocation.requestId, version));
    return new Promise((resolve) => {
      const elapsed = stopwatch(clock);
      const deadline = clock.now() + timeoutSeconds * 1000;
      const timer = setTimeout(() => this.#timeOut(), timeoutSeconds * 1000);
      const sampler = setInterval(() => this.#checkMemory(), MEMORY_SAMPLE_MS);
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        clearInterval(sampler);
        resolve(outcome);
      };
      this.#running = { invocation, elapsed, settle };
      if (this.#gone || this.#api === undefined) this.#fail(exited(invocation.requestId, null, 'SIGKILL'));
      else this.#api.deliver(invocation, deadline, aheadOfMachine(clock));
    });
  }

  /** Waits until another invocation may be run; false where the environment has ended. */
  available(): Promise<boolean> {
    if (this.#gone) return Promise.resolve(false);
    if (this.#running === undefined && this.#report === undefined) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<void> {
    return this.#sandbox === undefined ? Promise.resolve() : this.#sandbox.exit.then(() => undefined);
  }

  async close(): Promise<void> {
    this.#sandbox?.kill();
    await this.ended;
    this.#api?.close();
  }

  async #init(limitSeconds: number): Promise<void> {
    const { onLine, taskRoot, memoryMb, variables, clock } = this.#options;
    const api = await RuntimeApi.listen({
      ready: () => this.#ready(),
      responded: (requestId, payload) => this.#respond(requestId, payload),
      failed: (requestId, error) => this.#running?.invocation.requestId === requestId && this.#fail(error),
      initFailed: (error) => this.#initialized?.reject(new InitFailed(() => error)),
    });
    this.#api = api;
    const sandbox = new Sandbox({
      taskRoot,
      memoryMb,
      aheadMs: aheadOfMachine(clock),
      onLine,
      variables: variables(api.authority, logStreamName(new Date(clock.now()), this.#options.version)),
    });
    this.#sandbox = sandbox;
    void sandbox.exit.then(({ code, signal }) => this.#exited(code, signal));
    void sandbox.drained.then(() => this.#finish());
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#initialized = { resolve, reject };
        timer = setTimeout(() => {
          reject(new InitTimedOut((requestId) => timedOut(clock.now(), requestId, limitSeconds)));
        }, limitSeconds * 1000);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #ready(): void {
    if (this.#initialized !== undefined) {
      this.#initDurationMs = this.#elapsed();
      this.#initialized.resolve();
      this.#initialized = undefined;
      return;
    }
    // Lines that the function wrote before it asked for more may still be in the pipe: they come first.
    setImmediate(() => {
      this.#finish();
      this.#becomeIdle(!this.#gone);
    });
  }

  #respond(requestId: string, payload: string): void {
    if (this.#running?.invocation.requestId !== requestId) return;
    if (this.#checkMemory()) return;
    this.#settle(payload, undefined, 'success');
  }

  #fail(error: FunctionError, status: Report['status'] = 'error'): void {
    this.#settle(JSON.stringify(error), error, status);
  }

  #timeOut(): void {
    const requestId = this.#running?.invocation.requestId;
    if (requestId === undefined) return;
    const error = timedOut(this.#options.clock.now(), requestId, this.#options.timeoutSeconds);
    this.#options.onLine(error.errorMessage);
    this.#fail(error, 'timeout');
    this.#sandbox?.kill();
  }

  /** Ends the process where it took more memory than it has; true where it did. */
  #checkMemory(): boolean {
    this.#sampleMemory();
    const running = this.#running;
    if (running === undefined || this.#peakBytes <= this.#options.memoryMb * MEGABYTE) return false;
    const error = outOfMemory(running.invocation.requestId);
    this.#options.onLine(`${error.errorMessage} ${error.errorType}`);
    this.#fail(error);
    this.#sandbox?.kill();
    return true;
  }

  #sampleMemory(): void {
    const pid = this.#sandbox?.pid;
    const memory = pid === undefined ? undefined : residentMemory(pid);
    this.#peakBytes = Math.max(this.#peakBytes, memory?.peak ?? 0);
  }

  #exited(code: number | null, signal: string | null): void {
    this.#gone = true;
    this.#initialized?.reject(new InitFailed((requestId) => exited(requestId, code, signal)));
    const running = this.#running;
    if (running !== undefined) {
      const error = exited(running.invocation.requestId, code, signal);
      this.#options.onLine(`${error.errorMessage} ${error.errorType}`);
      this.#fail(error);
    }
    this.#becomeIdle(false);
    this.#api?.close();
  }

  #settle(payload: string, error: FunctionError | undefined, status: Report['status']): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    this.#sampleMemory();
    const durationMs = running.elapsed();
    this.#report = {
      requestId: running.invocation.requestId,
      durationMs,
      memoryMb: this.#options.memoryMb,
      peakMemoryMb: Math.min(this.#options.memoryMb, Math.ceil(this.#peakBytes / MEGABYTE)),
      initDurationMs: this.#initDurationMs,
      status,
      errorType: error?.errorType,
      traceId: traceRoot(running.invocation.traceId),
    };
    this.#initDurationMs = undefined;
    running.settle({ payload, error, durationMs });
  }

  /** Writes the closing lines of the last invocation. */
  #finish(): void {
    if (this.#report === undefined) return;
    for (const line of this.#options.log.end(this.#report)) this.#options.onLine(line);
    this.#report = undefined;
  }

  #becomeIdle(available: boolean): void {
    this.#idle?.(available);
    this.#idle = undefined;
  }
}

/** As Lambda names the log streams: date, version, and a random suffix. */
function logStreamName(now: Date, version: string): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${randomBytes(16).toString('hex')}`;
}
