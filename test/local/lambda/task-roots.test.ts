import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { TaskRoots } from '../../../local/lambda/task-roots.ts';
import type { StagedAsset } from '../../../local/template/assets.ts';

const asset = (path: string): StagedAsset => ({ kind: 'file', path, packaging: 'zip' });

afterEach(() => vi.unstubAllEnvs());

test('code is copied once, out of the reach of other modules, and removed at the end', async () => {
  const source = mkdtempSync(join(tmpdir(), 'furrow-test-asset-'));
  writeFileSync(join(source, 'index.js'), 'code');
  const roots = await TaskRoots.create(() => asset(source));

  const folder = await roots.folder({ kind: 'asset', key: 'a.zip' });
  const again = await roots.folder({ kind: 'asset', key: 'a.zip' });
  const inline = await roots.folder({ kind: 'inline', source: 'inline code' });

  expect(again).toBe(folder);
  expect(folder.startsWith(source)).toBe(false);
  expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe('code');
  expect(readFileSync(join(inline, 'index.js'), 'utf8')).toBe('inline code');
  await roots.close();
  expect(existsSync(dirname(folder))).toBe(false);
});

test('code that is not there, or is an archive, is named', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'furrow-test-asset-')), 'code.zip');
  writeFileSync(file, '');
  const roots = await TaskRoots.create((key) => (key === 'archive' ? asset(file) : undefined));

  await expect(roots.folder({ kind: 'asset', key: 'gone.zip' })).rejects.toThrow(
    'the assembly holds no asset gone.zip',
  );
  await expect(roots.folder({ kind: 'asset', key: 'archive' })).rejects.toThrow(`${file} is an archive`);
  await expect(roots.folder({ kind: 'not-emulated', reason: 'why' })).rejects.toThrow('why');
  await roots.close();
});

test.runIf(process.platform === 'linux')(
  'what a killed local cloud left behind is ended and deleted',
  async () => {
    // A folder of its own: any local cloud that starts on this machine meanwhile would clean up the common one.
    vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'furrow-test-tmp-')));
    const gone = 2 ** 22 + 1;
    const abandoned = mkdtempSync(join(tmpdir(), `furrow-lambda-${gone}-`));
    const folder = join(abandoned, '0');
    mkdirSync(folder);
    const orphan = spawn(process.execPath, ['-e', 'console.log("spinning"); for (;;);'], { cwd: folder });
    const ended = new Promise((resolve) => orphan.once('exit', (_, signal) => resolve(signal)));
    await new Promise((resolve) => orphan.stdout.once('data', resolve));

    const roots = await TaskRoots.create(() => undefined);

    expect(await ended).toBe('SIGKILL');
    expect(existsSync(abandoned)).toBe(false);
    await roots.close();
  },
);
