import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ITEM_CODES, PROBLEMS } from '../contract/problems/problems.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What callers read. */
const api = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');

const pages = ['README.md', 'CHANGELOG.md', ...folder('docs')];

function folder(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory() ? folder(inner) : inner.endsWith('.md') ? [inner] : [];
  });
}

describe('the documentation', () => {
  it.each(pages)('%s links to what exists', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^(https?:|mailto:|#)/.test(target));
    const dead = local.filter((target) => !existsSync(join(ROOT, dirname(page), target.replace(/#.*/, ''))));
    expect(dead).toEqual([]);
  });

  it('names every problem code with its status, and no other', () => {
    const rows = api.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const documented = rows
      .filter(([, , status = '']) => /^[45]\d\d$/.test(status))
      .flatMap(([, codes = '', status]) =>
        [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => `${code} ${status}`),
      );
    const answered = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`);
    expect(documented.sort()).toEqual(answered.sort());
  });

  it('names every code of an item, and no other', () => {
    const paragraph = api.split('\n\n').find((text) => text.startsWith('`errors[].code` is one of')) ?? '';
    const documented = [...paragraph.matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code);
    expect(documented.sort()).toEqual([...ITEM_CODES].sort());
  });

  it('names files that are there', () => {
    const tops = readdirSync(ROOT, { withFileTypes: true }).flatMap((one) =>
      one.isDirectory() ? [one.name] : [],
    );
    const text = readFileSync(join(ROOT, 'docs/contributing.md'), 'utf8');
    const named = [...text.matchAll(/`([\w-]+\/[\w./-]*)`/g)].map(([, path = '']) => path);
    const files = named.filter((path) => tops.includes(path.split('/')[0] ?? '') && !path.includes('NAME'));
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names every npm script in the README, and no other', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/npm (?:run ([a-z:-]+[a-z])|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect([...new Set(named)].sort()).toEqual(Object.keys(scripts).sort());
  });
});
