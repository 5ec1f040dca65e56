import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileLog, logFile } from '../../../local/core/file-log.ts';
import { temporaryFolder } from './support/folders.ts';

describe('FileLog', () => {
  it('appends to a file per log group', async () => {
    const folder = temporaryFolder();
    for (const line of ['one', 'two\n']) {
      const log = new FileLog(folder, { info: () => undefined, warn: () => undefined });
      log.group('/aws/lambda/predict', line);
      await log.close();
    }
    expect(readFileSync(join(folder, 'logs/aws/lambda/predict.log'), 'utf8')).toBe('one\ntwo\n');
  });

  it.each([
    ['/aws/lambda/predict', 'aws/lambda/predict.log'],
    ['../../etc/passwd', '%2E%2E/%2E%2E/etc/passwd.log'],
    ['a b\\c', 'a%20b%5Cc.log'],
  ])('keeps the group %s below its folder', (group, file) => {
    expect(logFile(group)).toBe(file);
  });
});
