import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { isSafePattern } from 'redos-detector';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Whose code runs where strangers send text to. */
const DEPLOYED = ['contract', 'imaging', 'models', 'lambda', 'serving'];

/** Expressions that may go back over a text, or are made when the code runs: why no stranger's text takes long by them. */
const KNOWN: Readonly<Record<string, string>> = {
  '/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/':
    'reads the hosts of a deployment, of 253 characters at most',
  '/^[\\d.]+$|^\\[|:.*:/': 'reads the hosts of a deployment',
  '/\\{(\\w+)\\}/g': "reads the paths of the API's own routes",
  'contract/deployment/scaling.ts: RegExp': 'reads the schedules of a deployment',
};

/** An expression of the source, as a literal or as a call with what it is made of. */
interface Expression {
  readonly text: string;
  /** Undefined for one that is made when the code runs. */
  readonly regex?: { readonly pattern: string; readonly flags: string };
}

describe('the regular expressions of deployed code', () => {
  const expressions = DEPLOYED.flatMap(expressionsOf);

  it('go back over no text: the steps of a match are bounded for each character, or it is known why not', () => {
    const unsafe = expressions.filter(({ text, regex }) => !(text in KNOWN) && !isBounded(regex));

    expect(unsafe.map(({ text }) => text)).toEqual([]);
    expect(expressions.length).toBeGreaterThan(40);
  });

  it('are all that the list of exceptions names', () => {
    const texts = new Set(expressions.map(({ text }) => text));

    expect(Object.keys(KNOWN).filter((text) => !texts.has(text))).toEqual([]);
  });

  it.each([
    ['(a+)+$', 'nested repetitions'],
    ['^(\\d+\\.?\\d*)$', 'repetitions of the same after one another'],
    ['\\s+$', 'a repetition that starts anywhere'],
  ])('would be found if they did: %s, %s', (pattern) => {
    expect(isBounded({ pattern, flags: '' })).toBe(false);
  });
});

function isBounded(regex: Expression['regex']): boolean {
  if (regex === undefined) return false;
  const { pattern, flags } = regex;
  return isSafePattern(pattern, { caseInsensitive: flags.includes('i'), unicode: flags.includes('u') }).safe;
}

function expressionsOf(folder: string): readonly Expression[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules') && !file.includes('.venv'))
    .flatMap((file) => expressionsIn(file));
}

function expressionsIn(file: string): readonly Expression[] {
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const found: Expression[] = [];
  const pending: unknown[] = [program];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { regex, type, callee } = node as {
      regex?: { pattern: string; flags: string };
      type?: string;
      callee?: { name?: string };
    };
    if (regex !== undefined) found.push({ text: `/${regex.pattern}/${regex.flags}`, regex });
    if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') {
      found.push({ text: `${relative(ROOT, file)}: RegExp` });
    }
    for (const child of Object.values(node)) pending.push(child);
  }
  return found;
}
