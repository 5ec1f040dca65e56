import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Clock } from '../../clock/clock.ts';
import { stableId } from '../../template/physical-name.ts';
import type { Program } from './program.ts';

/** The module that is loaded into every model process of a cloud; in a command line it tells whose process that is. */
export function preloadOf(dataDir: string): string {
  return `${new URL('./preload.mjs', import.meta.url).href}?cloud=${stableId(dataDir, 16)}`;
}

/** Milliseconds between two looks at a server that is starting. */
const PING_INTERVAL_MS = 50;
/** Milliseconds that a server may take to answer a ping, as on SageMaker. */
const PING_TIMEOUT_MS = 2000;
/** Milliseconds between the request to stop and the end. */
const STOP_GRACE_MS = 5000;
/** Milliseconds after which a server that is not healthy yet is worth a word. */
const SLOW_START_MS = 2_000;
/** Milliseconds that the end of a process that closed a connection may take to be noticed. */
const EXIT_NOTICE_MS = 250;

export interface SpawnOptions {
  readonly clock: Clock;
  /** See `preloadOf`. */
  readonly preload: string;
  /** Takes every line that the process prints. */
  print(line: string): void;
}

export interface ContainerRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ContainerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The server took longer than it may. */
export class ContainerTimeout extends Error {
  override readonly name = 'ContainerTimeout';
}

/** The server closed the connection or was not there. */
export class ContainerGone extends Error {
  override readonly name = 'ContainerGone';
  /** Whether the server never saw the request, so that another one may have it. */
  readonly refused: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message);
    this.refused = cause.code === 'ECONNREFUSED';
  }
}

/** One running model server. It is never restarted: another one takes its place. */
export class ModelProcess {
  readonly pid: number;
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #clock: Clock;
  #hasExited = false;

  private constructor(child: ChildProcess, pid: number, port: number, clock: Clock) {
    this.#child = child;
    this.pid = pid;
    this.#port = port;
    this.#clock = clock;
    this.exited = once(child, 'exit').then(([code, signal]) => {
      this.#hasExited = true;
      return signal === null ? `exit code ${code}` : `signal ${signal}`;
    });
  }

  /** Starts a server; it may answer once `healthy` resolves. */
  static async spawn(program: Program, { clock, preload, print }: SpawnOptions): Promise<ModelProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, ['--import', preload, ...program.arguments], {
      cwd: program.workingDirectory,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...program.environment,
        // On SageMaker nothing but the platform reaches a container; here that is what loopback is for.
        BIND_ADDRESS: '127.0.0.1',
        SAGEMAKER_BIND_TO_PORT: `${port}`,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own: Ctrl-C in the terminal reaches the local cloud, which ends its models itself.
      detached: true,
    });
    await once(child, 'spawn');
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', print);
    if (child.pid === undefined) throw new Error('the model process has no id');
    return new ModelProcess(child, child.pid, port, clock);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /**
   * Waits until `GET /ping` answers 200. Where that takes long, `onSlow` is told once what it answers instead.
   * @throws {Error} where the process ends or the time is over before
   */
  async healthy(timeoutMs: number, onSlow: (reason: string) => void): Promise<void> {
    const begun = this.#clock.now();
    const deadline = begun + timeoutMs;
    let told = false;
    for (let ping = await this.#ping(); ping !== undefined; ping = await this.#ping()) {
      if (!told && this.#clock.now() - begun >= SLOW_START_MS) {
        told = true;
        onSlow(ping);
      }
      if (this.#hasExited)
        throw new Error(`the model process ended with ${await this.exited} before it was healthy`);
      if (this.#clock.now() >= deadline)
        throw new Error(`GET /ping did not answer 200 within ${timeoutMs / 1000} s`);
      await new Promise<void>((resolve) => this.#clock.after(PING_INTERVAL_MS, resolve));
    }
  }

  /**
   * Passes an invocation on.
   * @throws {ContainerTimeout | ContainerGone}
   */
  async invoke(request: ContainerRequest, timeoutMs: number): Promise<ContainerAnswer> {
    try {
      return await this.#send('POST', '/invocations', request, timeoutMs);
    } catch (error) {
      // A dying process closes its connections before its end is noticed: the next request must not go there.
      if (error instanceof ContainerGone) await this.#exitNoticed();
      throw error;
    }
  }

  /** Asks the server to finish what it has and end, and ends it where it does not. */
  async stop(): Promise<void> {
    if (this.#hasExited) return;
    this.#child.kill('SIGTERM');
    const cancel = this.#clock.after(STOP_GRACE_MS, () => this.#child.kill('SIGKILL'));
    await this.exited;
    cancel();
  }

  /** Waits for the process's end, but not for long: a server that lives may well close a connection. */
  async #exitNoticed(): Promise<void> {
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#clock.after(EXIT_NOTICE_MS, resolve);
    });
    await Promise.race([this.exited, patience]);
    cancel();
  }

  /** Undefined where the server is healthy, else what it says. */
  async #ping(): Promise<string | undefined> {
    try {
      const answer = await this.#send(
        'GET',
        '/ping',
        { headers: {}, body: Buffer.alloc(0) },
        PING_TIMEOUT_MS,
      );
      return answer.status === 200 ? undefined : `${answer.status} ${answer.body.toString('utf8')}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #send(
    method: string,
    path: string,
    { headers, body }: ContainerRequest,
    timeoutMs: number,
  ): Promise<ContainerAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          host: '127.0.0.1',
          port: this.#port,
          method,
          path,
          headers: { ...headers, 'content-length': body.length },
          // A kept connection that the server is just closing would look like a dead server.
          agent: false,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', fail);
          response.once('end', () => {
            cancel();
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            });
          });
        },
      );
      const cancel = this.#clock.after(timeoutMs, () => {
        request.destroy();
        reject(new ContainerTimeout(`no answer within ${timeoutMs / 1000} s`));
      });
      const fail = (error: Error): void => {
        cancel();
        reject(new ContainerGone(error));
      };
      request.once('error', fail);
      request.end(body);
    });
  }
}

/** A port that was free a moment ago: where another program takes it first, the server fails and is started again. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
