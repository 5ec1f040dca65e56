import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { DataDirInUse, lockDataDir } from '../../../local/start/data-lock.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'furrow-test-lock-'));
});

describe('lockDataDir', () => {
  test('refuses a directory that is taken, naming the process', () => {
    lockDataDir(dataDir);

    expect(() => lockDataDir(dataDir)).toThrow(new DataDirInUse(dataDir, process.pid));
    expect(() => lockDataDir(dataDir)).toThrow(`process ${process.pid}`);
  });

  test('gives a directory back', () => {
    lockDataDir(dataDir)();
    const unlock = lockDataDir(dataDir);

    expect(JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    unlock();
  });

  test('makes a directory that does not exist', () => {
    expect(() => lockDataDir(join(dataDir, 'a', 'b'))).not.toThrow();
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1, startedAt: '1' }],
    ['of another process that had the same id', { pid: process.pid, startedAt: 'before' }],
    ['that says nothing', 'half-writ'],
  ])('takes over a lock %s', (_, content) => {
    writeFileSync(join(dataDir, 'lock'), typeof content === 'string' ? content : JSON.stringify(content));

    lockDataDir(dataDir);

    expect(() => lockDataDir(dataDir)).toThrow(DataDirInUse);
  });
});
