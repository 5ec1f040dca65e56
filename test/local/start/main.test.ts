import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { synthesize } from '../lambda/fixture.ts';
import { modelStack } from './model-fixture.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
let assemblyDir: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  assemblyDir = await synthesize(modelStack('rye'));
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Runs the command; standard output and error as they come. */
function run(...options: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/main.ts', ...options], { cwd: PROJECT });
  started.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.err += text;
  });
  const exit = new Promise<{ code: number | null; signal: string | null }>((done) => {
    child.once('close', (code, signal) => done({ code, signal }));
  });
  const lines = () =>
    output.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const firstLine = () =>
    vi.waitFor(
      () => {
        expect(output.out).toContain('\n');
        return lines()[0];
      },
      { timeout: 25_000 },
    );
  return { child, output, exit, lines, firstLine };
}

const newDataDir = () => mkdtempSync(join(tmpdir(), 'furrow-test-main-'));

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the start command', () => {
  test('--json writes objects only: ready, one for each request, stopped', async () => {
    const dataDir = newDataDir();
    const { child, exit, lines, firstLine, output } = run(
      '--app',
      assemblyDir,
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--json',
    );
    const ready = await firstLine();
    const [model] = ready.models;

    const response = await fetch(`${model.url}/predictions`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-api-key': model.apiKey },
    });
    child.kill('SIGTERM');

    expect(await exit).toEqual({ code: 0, signal: null });
    expect(response.status).toBe(200);
    expect(lines()).toEqual([
      {
        event: 'ready',
        models: [{ name: 'rye', url: model.url, apiKey: model.apiKey }],
        frontDoor: ready.frontDoor,
        dataDir,
        notEmulated: [],
        withoutEffect: [],
      },
      expect.objectContaining({ event: 'request', method: 'POST', path: '/rye/predictions', status: 200 }),
      { event: 'stopped' },
    ]);
    expect(output.err).toBe('');
  });

  test('says for a person what runs and how to try it', async () => {
    const { child, exit, output } = run('--app', assemblyDir, '--port', '0', '--data-dir', newDataDir());
    await vi.waitFor(() => expect(output.out).toContain('Ctrl-C'), { timeout: 25_000 });
    child.kill('SIGINT');

    expect(await exit).toEqual({ code: 0, signal: null });
    expect(output.out).toMatch(
      /rye\n {4}URL {6}http:\/\/127\.0\.0\.1:\d+\/rye\n {4}API key {2}[A-Za-z0-9]{40}\n/,
    );
    expect(output.out).toMatch(/curl -s -H 'x-api-key: [A-Za-z0-9]{40}' .*\/rye\/predictions\n/);
    expect(output.out).toContain('listens on loopback only');
  });

  test('an option that is not known is a usage error', async () => {
    const { exit, output } = run('--verbose');

    expect((await exit).code).toBe(2);
    expect(output.err).toContain("Unknown option '--verbose'");
    expect(output.err).toContain('Usage: npm start');
  });

  test('a busy port is named, with the option that chooses another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;

    const { exit, output } = run('--app', assemblyDir, '--port', String(port), '--data-dir', newDataDir());

    expect((await exit).code).toBe(1);
    expect(output.err).toBe(`Port ${port} is in use: choose another with --port N (0 takes any free one).\n`);
    other.close();
  });

  test('killed, it leaves no function running and its data directory to the next', async () => {
    const options = ['--app', assemblyDir, '--port', '0', '--data-dir', newDataDir(), '--json'];
    const first = run(...options);
    const [model] = (await first.firstLine()).models;
    const headers = { 'x-api-key': model.apiKey };
    const response = await fetch(`${model.url}/predictions`, { method: 'POST', body: '{}', headers });
    const { pid } = (await response.json()) as { pid: number };
    expect(isAlive(pid)).toBe(true);

    first.child.kill('SIGKILL');
    await first.exit;

    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
    const second = run(...options);
    expect((await second.firstLine()).models[0].apiKey).toBe(model.apiKey);
    second.child.kill('SIGTERM');
    await second.exit;
  });
});
