import { resolve } from 'node:path';
import { systemClock } from '../clock/system-clock.ts';
import type { Terminal } from '../core/file-log.ts';
import type { StartOptions } from './options.ts';
import type { Reporter } from './report.ts';
import type { RunningLocal } from './start-local.ts';
import { synthesize } from './synthesize.ts';
import { lookAtSources, watchSources } from './watch.ts';

type Services = typeof import('./start-local.ts');

/** One run of the start command: synthesis, the local cloud, and a deployment to it whenever the source changes. */
export class Session {
  readonly #options: StartOptions;
  readonly #projectDir: string;
  readonly #reporter: Reporter;
  readonly #terminal: Terminal;
  readonly #abort = new AbortController();
  #local: RunningLocal | undefined;
  #unwatch: (() => void) | undefined;
  /** The start and the deployments, one after another. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: StartOptions, projectDir: string, reporter: Reporter, terminal: Terminal) {
    this.#options = options;
    this.#projectDir = projectDir;
    this.#reporter = reporter;
    this.#terminal = terminal;
  }

  /** @throws {Error} whose message says what to change */
  async start(): Promise<void> {
    // A change that is made from here on may come too late for this synthesis.
    const before = this.#options.watch ? lookAtSources(this.#projectDir) : undefined;
    this.#work = this.#synthesizeAndRun();
    await this.#work;
    if (before !== undefined && !this.#stopping)
      this.#unwatch = watchSources(this.#projectDir, before, systemClock, () => this.#rebuild());
  }

  /** Ends everything; waits for what is being started, which notices. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#unwatch?.();
    await this.#work.catch(() => undefined);
    await this.#local?.close();
    this.#reporter.stopped();
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  #rebuild(): void {
    this.#work = this.#work.then(async () => {
      if (this.#stopping) return;
      this.#reporter.rebuilding();
      try {
        await this.#synthesizeAndRun();
      } catch (error) {
        this.#terminal.warn((error as Error).message);
      }
    });
  }

  async #synthesizeAndRun(): Promise<void> {
    const assemblyDir = resolve(this.#projectDir, this.#options.assemblyDir ?? 'cdk.out');
    const synthesized = this.#synthesize(assemblyDir);
    // The services take as long to load as the app takes to synthesize: both at once halves the wait.
    const loading = import('./start-local.ts');
    // A failed synthesis leaves what runs untouched.
    await synthesized;
    if (this.#stopping) return;
    const services = await loading;
    if (this.#local === undefined) this.#local = await this.#run(assemblyDir, services);
    else if (!(await this.#deploy(this.#local, assemblyDir, services))) return;
    if (!this.#stopping) this.#reporter.ready(this.#local);
  }

  /** Its process starts at once. */
  async #synthesize(outDir: string): Promise<void> {
    if (this.#options.assemblyDir !== undefined) return;
    const { context } = this.#options;
    await synthesize({ projectDir: this.#projectDir, outDir, context, signal: this.#abort.signal });
  }

  /** Replaces what runs; false where it goes on because the new deployment was given up. */
  async #deploy(local: RunningLocal, assemblyDir: string, { DeploymentFailed }: Services): Promise<boolean> {
    try {
      await local.cloud.deploy(assemblyDir);
      return true;
    } catch (error) {
      if (!(error instanceof DeploymentFailed)) throw error;
      this.#reporter.rolledBack(error.message);
      return false;
    }
  }

  async #run(assemblyDir: string, { startLocal, PortInUse }: Services): Promise<RunningLocal> {
    const { port } = this.#options;
    try {
      const local = await startLocal({
        assemblyDir,
        dataDir: resolve(this.#projectDir, this.#options.dataDir),
        port,
        frontDoorPort: port === 0 ? 0 : port + 1,
        log: this.#terminal,
      });
      local.apigateway.onRequest((summary) => this.#reporter.request(summary));
      return local;
    } catch (error) {
      if (!(error instanceof PortInUse)) throw error;
      throw new Error(`Port ${error.port} is in use: choose another with --port N (0 takes any free one).`);
    }
  }
}
