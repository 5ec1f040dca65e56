import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..');
export const BARLEY = join(ROOT, 'models', 'barley-yield', 'artifacts', 'model.onnx');
export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.onnx`);

export type LogLine = Readonly<Record<string, unknown>>;

/** A running model server, as its caller sees it. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly log: readonly LogLine[];
  /** Settles with the exit code. */
  readonly exited: Promise<number | null>;
  /** Waits for a log line with this message. */
  logged(message: string): Promise<LogLine>;
}

export interface StartOptions {
  /** The model's file; undefined leaves the folder without one. */
  readonly model?: string;
  readonly described?: object;
  readonly warmup?: object;
  readonly env?: Readonly<Record<string, string>>;
}

let bundled: Promise<Uint8Array> | undefined;

/** The program, bundled once, as the image has it. */
function program(): Promise<Uint8Array> {
  bundled ??= build({
    entryPoints: [join(ROOT, 'serving', 'main.ts')],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  }).then(({ outputFiles: [file] }) => {
    if (!file) throw new Error('the bundle is empty');
    return file.contents;
  });
  return bundled;
}

/** Starts the server on a free port of the loopback and waits until it says what came of its model. */
export async function startServer({ model, described, warmup, env }: StartOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'model-server-'));
  if (model !== undefined) cpSync(model, join(folder, 'model.onnx'));
  if (described !== undefined) writeFileSync(join(folder, 'model.json'), JSON.stringify(described));
  if (warmup !== undefined) writeFileSync(join(folder, 'warmup.json'), JSON.stringify(warmup));
  const file = join(folder, 'server.mjs');
  writeFileSync(file, await program());
  const child = spawn(process.execPath, [file], {
    env: {
      NODE_PATH: join(ROOT, 'node_modules'),
      MODEL_DIR: folder,
      SAGEMAKER_BIND_TO_PORT: '0',
      BIND_ADDRESS: '127.0.0.1',
      INTRA_OP_THREADS: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  const log: LogLine[] = [];
  const waiting: { message: string; resolve: (line: LogLine) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line: LogLine = JSON.parse(text);
    log.push(line);
    for (const { resolve } of waiting.filter(({ message }) => message === line.message)) resolve(line);
  });
  const logged = (message: string): Promise<LogLine> => {
    const found = log.find((line) => line.message === message);
    return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ message, resolve }));
  };
  const { port } = await logged('listening');
  await Promise.race([logged('model loaded'), logged("the model can't be served")]);
  return { url: `http://127.0.0.1:${port}`, port: Number(port), child, log, exited, logged };
}

/** Sends an inference request. */
export function infer(
  server: RunningServer,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.url}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The body of an answer: that of a success or, with `error`, of a failure. */
export interface AnswerBody {
  readonly model_name?: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly number[];
  }[];
  readonly error?: string;
}

export async function bodyOf(response: Response): Promise<AnswerBody> {
  return (await response.json()) as AnswerBody;
}

/** A request that the server has admitted and whose body it waits for. */
export interface OpenRequest {
  finish(): Promise<{ readonly status: number; readonly body: string }>;
  abort(): void;
}

/** Sends the head of an inference request and waits until the server asks for its body. */
export async function openRequest(server: RunningServer, body: unknown): Promise<OpenRequest> {
  const text = JSON.stringify(body);
  const request = httpRequest({
    host: '127.0.0.1',
    port: server.port,
    path: '/invocations',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': text.length, expect: '100-continue' },
  });
  request.on('error', () => undefined);
  const answered = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  request.flushHeaders();
  await once(request, 'continue');
  return {
    finish: async () => {
      request.end(text);
      const response = await answered;
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
    },
    abort: () => request.destroy(),
  };
}
