import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const DOCS = join(import.meta.dirname, '../docs');

const ANSWERS = ['impossible', 'synth error', 'limit', 'not in this version'];

const ROWS = readFileSync(join(DOCS, 'field-notes.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', note = '', answer = '', how = '', shown = '']) => ({
    number: Number(number),
    note,
    answer,
    how,
    tests: [...shown.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, title = '', file = '']) => ({
      title,
      file,
    })),
  }));

describe('the table of field notes', () => {
  it('has every note once, in order', () => {
    expect(ROWS.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it.each(ROWS)('answers note $number, and shows it unless there is nothing to show', (row) => {
    expect(ANSWERS).toContain(row.answer);
    const absent = row.answer === 'not in this version';
    expect(row.how === '').toBe(absent);
    expect(row.tests.length === 0).toBe(absent);
  });

  it.each(ROWS.flatMap(({ number, tests }) => tests.map((test) => ({ number, ...test }))))(
    'names a test for note $number that exists: $title',
    ({ title, file }) => {
      const path = join(DOCS, file);
      expect(file).toMatch(/\.test\.ts$/);
      expect(existsSync(path)).toBe(true);
      const source = readFileSync(path, 'utf8');
      const spellings = [`'${title}'`, `"${title}"`, `\`${title}\``];
      expect(spellings.some((spelling) => source.includes(spelling))).toBe(true);
    },
  );
});
