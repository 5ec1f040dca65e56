import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unresolvedImports } from '../../../../bin/verify/functions/unresolved-imports.ts';
import { writeFiles } from '../../../lib/support/project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'furrow-imports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unresolved(files: Readonly<Record<string, string>>): readonly string[] {
  writeFiles(folder, files);
  return unresolvedImports(folder);
}

describe('unresolvedImports', () => {
  it('finds nothing where every import is a file of the folder or a module of Node', () => {
    expect(
      unresolved({
        'index.mjs': `import './chunks/a.mjs'; import fs from 'node:fs'; import { join } from 'path'; await import('./b.mjs');`,
        'b.mjs': 'export const b = 1;',
        'chunks/a.mjs': `export { b } from '../b.mjs'; export * from '../b.mjs';`,
      }),
    ).toEqual([]);
  });

  it.each([
    ['import', `import { z } from './zod.mjs';`, './zod.mjs'],
    ['an import for its effect', `import './zod.mjs';`, './zod.mjs'],
    ['an export', `export * from './zod.mjs';`, './zod.mjs'],
    ['an export of names', `export { z } from './zod.mjs';`, './zod.mjs'],
    ['an import at run time', `await import('./zod.mjs');`, './zod.mjs'],
    ['one in a template literal', 'await import(`./zod.mjs`);', './zod.mjs'],
    ['a package', `import { z } from 'zod';`, 'zod'],
    ['a folder', `import './chunks';`, './chunks'],
    ['a file outside the folder', `import '../other.mjs';`, '../other.mjs'],
    ['a path of one machine', `import '/tmp/other.mjs';`, '/tmp/other.mjs'],
    ['a property of every object', `import 'constructor';`, 'constructor'],
  ])('names %s that leads nowhere, and who imports it', (_, text, specifier) => {
    mkdirSync(join(folder, 'chunks'));
    expect(unresolved({ 'index.mjs': text })).toEqual([`index.mjs imports ${specifier}`]);
  });

  it('names each once, in the order of the files', () => {
    expect(
      unresolved({
        'b.mjs': `import x from 'x'; export * from 'x';`,
        'a.mjs': `import 'y'; import 'z';`,
        'notes.txt': `import 'q';`,
      }),
    ).toEqual(['a.mjs imports y', 'a.mjs imports z', 'b.mjs imports x']);
  });

  it('does not guess at what is computed', () => {
    expect(unresolved({ 'a.mjs': 'await import(process.argv[2]); await import("./" + one);' })).toEqual([]);
  });

  it('says of which program the text is none', () => {
    expect(() => unresolved({ 'a.mjs': 'import {' })).toThrow(join(folder, 'a.mjs'));
  });
});
