import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

describe("npm's settings", () => {
  it('are all ones that npm knows: it warns of nothing', async () => {
    const { stdout, stderr } = await promisify(execFile)('npm', ['pkg', 'get', 'name'], { cwd: ROOT });

    expect(JSON.parse(stdout)).toBe('furrow');
    expect(stderr).toBe('');
  });

  it('run no install script, whichever npm reads them', () => {
    const { allowScripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
    expect(Object.values(allowScripts)).not.toContain(true);
  });
});
