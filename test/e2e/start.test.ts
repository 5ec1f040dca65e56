import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { ROOT } from './assembly.ts';
import { startProcess } from './process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'furrow-start-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('npm start', () => {
  it('prints a curl line for each model that works when pasted into a shell, and ends on Ctrl-C', async () => {
    const child = spawn('npm', ['start', '--', '--port', '0', '--data-dir', dataDir], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await expect.poll(() => text.includes('Ctrl-C'), { timeout: 60_000 }).toBe(true);
    const lines = text.split('\n').filter((line) => line.trim().startsWith('curl '));
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const answer = JSON.parse(execFileSync('bash', ['-c', line], { encoding: 'utf8' }));
      expect(answer).toMatchObject({ version: '1.0.0', warnings: [] });
    }
    expect(text).toContain('http://127.0.0.1:');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await once(child, 'exit');
  });

  it('prints one JSON object a line with --json, the first when it is ready', async () => {
    const server = startProcess(['--app', inject('assembly'), '--data-dir', dataDir, '--port', '0']);
    const { models, frontDoor } = await server.ready;
    expect(models.map(({ name }) => name).sort()).toEqual([
      'barley-yield',
      'canopy-cover',
      'reference-evapotranspiration',
      'tumour-screening',
    ]);
    for (const { name, url, apiKey } of models) {
      expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${name}$`));
      expect(apiKey.length).toBeGreaterThanOrEqual(20);
    }
    expect(frontDoor).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

    const second = startProcess(['--app', inject('assembly'), '--data-dir', dataDir, '--port', '0']);
    second.ready.catch(() => undefined);
    expect(await second.exited).toBe(1);
    expect(second.errors.join('\n')).toContain(dataDir);

    const sameDoor = new URL(models[0]?.url ?? '').port;
    const elsewhere = mkdtempSync(join(tmpdir(), 'furrow-start-'));
    const third = startProcess(['--app', inject('assembly'), '--data-dir', elsewhere, '--port', sameDoor]);
    third.ready.catch(() => undefined);
    expect(await third.exited).toBe(1);
    expect(third.errors.join('\n')).toContain(`Port ${sameDoor} is in use: choose another with --port N`);
    rmSync(elsewhere, { recursive: true, force: true });

    await server.stop();
    expect(await server.exited).toBe(0);
  });

  it.each([
    [['--port', 'x'], '--port takes a number'],
    [['--prot', '1'], '--prot'],
    [['-c', 'prod'], 'key=value'],
  ])('refuses %j with its usage', async (options, message) => {
    const server = startProcess(options);
    server.ready.catch(() => undefined);
    expect(await server.exited).toBe(2);
    expect(server.errors.join('\n')).toContain(message);
    expect(server.errors.join('\n')).toContain('Usage: npm start');
  });
});
