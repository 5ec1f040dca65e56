import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ClassicLevel } from 'classic-level';
import type { LocalLog } from '../core/plugin/log.ts';
import { AwsError } from '../core/wire/aws-error.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface EngineOptions {
  /** The folder of the database; a second process on it is refused. */
  readonly path: string;
  readonly region: string;
  readonly accountId: string;
  readonly log: LocalLog;
}

/** dynalite demands a signed request; who signed it was settled at the front door. */
const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20000101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20000101T000000Z',
};

/** dynalite on a socket that no network reaches, with its data on disk. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #socketDir = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  readonly #socketPath =
    process.platform === 'win32' ? `\\\\.\\pipe\\${this.#socketDir}` : join(this.#socketDir, 'socket');
  #worker: Worker | undefined;
  #exited: Promise<void> = Promise.resolve();
  #closing = false;

  private constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** @throws {Error} where another process holds the data */
  static async start(options: EngineOptions): Promise<Engine> {
    mkdirSync(options.path, { recursive: true });
    await assertFree(options.path);
    const engine = new Engine(options);
    await engine.#launch();
    return engine;
  }

  /** Sends one operation of the JSON protocol, for example `PutItem`, with its body as it came. */
  call(operation: string, body: string | Buffer): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          socketPath: this.#socketPath,
          agent: this.#agent,
          method: 'POST',
          headers: {
            ...SIGNED,
            host: 'localhost',
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `DynamoDB_20120810.${operation}`,
            'content-length': Buffer.byteLength(body),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks) }),
          );
          response.once('error', reject);
        },
      );
      request.once('error', (error) =>
        reject(new AwsError(500, 'InternalServerError', `The database stopped: ${error.message}`)),
      );
      request.end(body);
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#agent.destroy();
    this.#worker?.postMessage('close');
    await this.#exited;
    rmSync(this.#socketDir, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const { path, region, accountId, log } = this.#options;
    rmSync(this.#socketPath, { force: true });
    const worker = new Worker(new URL('./dynalite-thread.mjs', import.meta.url), {
      workerData: { path, socketPath: this.#socketPath },
      env: { AWS_REGION: region, AWS_ACCOUNT_ID: accountId },
      // A loader of the program's own TypeScript is of no use to plain JavaScript.
      execArgv: [],
    });
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
    worker.on('error', (error) =>
      log.warn(`the DynamoDB emulation failed and starts again: ${error.message}`),
    );
    worker.once('exit', () => {
      if (!this.#closing) void this.#launch().catch((error: Error) => log.warn(`DynamoDB: ${error.message}`));
    });
  }
}

async function assertFree(path: string): Promise<void> {
  const level = new ClassicLevel(path);
  try {
    await level.open();
    await level.close();
  } catch (error) {
    const { cause } = error as Error & { cause?: { code?: string } };
    if (cause?.code === 'LEVEL_LOCKED')
      throw new Error(`${path} is in use: another local cloud runs on the same data`);
    throw new Error(
      `${path} can't be opened: ${String((error as Error).cause ?? error)}. Delete the folder to start afresh.`,
    );
  }
}
