import { FunctionsEnded } from './errors.ts';
import { InitFailed, type Outcome } from './execution-environment.ts';
import type { Invocation } from './runtime-api.ts';
import { LambdaThrottled } from './service.ts';

/** What the pool needs of an execution environment. */
export interface PooledEnvironment {
  readonly pid: number | undefined;
  run(invocation: Invocation): Promise<Outcome>;
  available(): Promise<boolean>;
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Invocations at once beyond which Lambda throttles; undefined leaves it to the account's limit. */
  readonly reservedConcurrency: number | undefined;
  /** Processes at once: invocations beyond it wait for one. A laptop's limit, AWS has none. */
  readonly maxEnvironments: number;
  /** Starts an environment, its init phase included. @throws {InitFailed} */
  start(): Promise<PooledEnvironment>;
  /** Init failed and nobody waited for it. */
  onInitFailed(error: Error): void;
}

interface Waiting {
  readonly invocation: Invocation;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** The execution environments of one function version: one invocation at a time in each, the warmest first. */
export class EnvironmentPool {
  readonly #options: PoolOptions;
  /** Idle environments, the most recently used last. */
  readonly #idle: PooledEnvironment[] = [];
  readonly #all = new Set<PooledEnvironment>();
  readonly #waiting: Waiting[] = [];
  readonly #starts = new Set<Promise<void>>();
  readonly #settling: (() => void)[] = [];
  #inFlight = 0;
  /** Environments to end when they are idle. */
  #surplus = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** How many invocations are running or waiting. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** @throws {LambdaThrottled} where the reserved concurrency is used up, {FunctionsEnded} after `close` */
  async invoke(invocation: Invocation): Promise<Outcome> {
    if (this.#closed) throw new FunctionsEnded();
    const { reservedConcurrency } = this.#options;
    if (reservedConcurrency !== undefined && this.#inFlight >= reservedConcurrency)
      throw new LambdaThrottled('Rate Exceeded.');
    this.#inFlight++;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.push({ invocation, resolve, reject });
        this.#dispatch();
      });
    } finally {
      this.#inFlight--;
      if (this.#inFlight === 0) for (const tell of this.#settling.splice(0)) tell();
    }
  }

  /** Resolves when no invocation is running or waiting. */
  settled(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#settling.push(resolve));
  }

  pids(): readonly number[] {
    return [...this.#all].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /**
   * Has one environment ready, so that the next invocation meets no cold start.
   * @throws {FunctionsEnded} after `close`
   */
  async warm(): Promise<void> {
    if (this.#closed) throw new FunctionsEnded();
    if (this.#all.size > 0) return;
    if (this.#starts.size === 0) this.#startOne();
    await Promise.all(this.#starts);
  }

  /** Has so many environments: starts what is missing, and ends what is beyond it as soon as it is idle. None after `close`. */
  keep(count: number): void {
    if (this.#closed) return;
    const wanted = Math.min(count, this.#options.maxEnvironments);
    for (let missing = wanted - this.#all.size - this.#starts.size; missing > 0; missing -= 1)
      this.#startOne();
    this.#surplus = Math.max(0, this.#all.size - wanted);
    for (const idle of this.#idle.splice(0, this.#surplus)) this.#end(idle);
  }

  /** Ends every environment, also those that are starting; resolves when the last process has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new FunctionsEnded());
    await Promise.all(this.#starts);
    await Promise.all([...this.#all].map((environment) => environment.close()));
  }

  #dispatch(): void {
    for (let environment = this.#idle.at(-1); environment !== undefined; environment = this.#idle.at(-1)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#idle.pop();
      void this.#run(environment, next);
    }
    // One start for each invocation that no start is under way for; whichever environment is free first takes it.
    const room = this.#options.maxEnvironments - this.#all.size - this.#starts.size;
    const wanted = Math.min(this.#waiting.length - this.#starts.size, room);
    for (let i = 0; i < wanted; i++) this.#startOne();
  }

  async #run(environment: PooledEnvironment, { invocation, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await environment.run(invocation));
    } catch (error) {
      reject(error);
    }
    if (!(await environment.available())) this.#forget(environment);
    else if (this.#surplus > 0) this.#end(environment);
    else this.#idle.push(environment);
    this.#dispatch();
  }

  /** Ends one of the surplus; it is forgotten when its end is noticed, as any other. */
  #end(environment: PooledEnvironment): void {
    this.#surplus -= 1;
    void environment.close();
  }

  #startOne(): void {
    const start = this.#options
      .start()
      .then(
        (environment) => this.#add(environment),
        (error: Error) => this.#startFailed(error),
      )
      .finally(() => {
        this.#starts.delete(start);
        if (!this.#closed) this.#dispatch();
      });
    this.#starts.add(start);
  }

  async #add(environment: PooledEnvironment): Promise<void> {
    if (this.#closed) return environment.close();
    this.#all.add(environment);
    this.#idle.push(environment);
    void environment.ended.then(() => this.#forget(environment));
  }

  /** The invocation that has waited longest meets the error; the others get a start of their own. */
  #startFailed(error: Error): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#options.onInitFailed(error);
    else if (error instanceof InitFailed) {
      const described = error.describe(next.invocation.requestId);
      next.resolve({ payload: JSON.stringify(described), error: described, durationMs: 0 });
    } else next.reject(error);
  }

  #forget(environment: PooledEnvironment): void {
    this.#all.delete(environment);
    const index = this.#idle.indexOf(environment);
    if (index >= 0) this.#idle.splice(index, 1);
  }
}
