import type { z } from 'zod';
import type { ItemCode, ProblemItem } from '../problems/problems.ts';
import { typeName } from './quantity.ts';

export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly ProblemItem[] };

/** Parses a value by a schema; every issue becomes an item whose path is a JSON Pointer below `base`. */
export function validate<S extends z.ZodType>(schema: S, value: unknown, base = ''): Validated<z.output<S>> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.flatMap((issue) => itemsOf(issue, base)) };
}

/** A JSON Pointer (RFC 6901) from a base pointer and the keys below it. */
export function pointer(base: string, path: readonly PropertyKey[]): string {
  return (
    base +
    path.map((key) => `/${shortened(String(key)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  );
}

function itemsOf(issue: z.core.$ZodIssue, base: string): readonly ProblemItem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pointer(base, [...issue.path, key]),
      code: 'unknown-field',
      detail: 'No such field. Leave it out, or check its spelling against /openapi.json.',
    }));
  }
  const { code, detail } = describe(issue);
  return [{ path: pointer(base, issue.path), code, detail }];
}

function describe(issue: z.core.$ZodIssue): { code: ItemCode; detail: string } {
  switch (issue.code) {
    case 'custom':
      return {
        code: (issue.params?.problem as ItemCode | undefined) ?? 'invalid-value',
        detail: issue.message,
      };
    case 'invalid_type':
      if (issue.input === undefined)
        return { code: 'missing-field', detail: `Required. Send ${withArticle(issue.expected)}.` };
      if (issue.input === Number.POSITIVE_INFINITY || issue.input === Number.NEGATIVE_INFINITY) {
        return {
          code: 'not-finite',
          detail: 'The number is too large to be represented. Send a finite number.',
        };
      }
      return {
        code: 'wrong-type',
        detail: `Got ${typeName(issue.input)}. Send ${withArticle(issue.expected)}.`,
      };
    case 'invalid_value': {
      const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
      if (issue.input === undefined)
        return { code: 'missing-field', detail: `Required. Send one of: ${allowed}.` };
      if (typeof issue.input !== typeof issue.values[0]) {
        return { code: 'wrong-type', detail: `Got ${typeName(issue.input)}. Send one of: ${allowed}.` };
      }
      return { code: 'unknown-category', detail: `Got ${shown(issue.input)}. Send one of: ${allowed}.` };
    }
    case 'too_small':
    case 'too_big':
      return { code: 'out-of-bounds', detail: `${issue.message}.` };
    case 'invalid_format':
      return {
        code: 'invalid-format',
        detail: `Got ${shown(issue.input)}. Send ${FORMATS[issue.format] ?? issue.format}.`,
      };
    default:
      return { code: 'invalid-value', detail: `${issue.message}.` };
  }
}

/** String formats in words. */
const FORMATS: Readonly<Record<string, string>> = {
  date: 'an ISO 8601 date, such as "2015-07-06"',
  datetime: 'an ISO 8601 date and time with its offset, such as "2015-07-06T12:00:00Z"',
};

/** A type of the schema library in JSON's words, with its article. */
function withArticle(expected: string): string {
  const type = expected === 'record' ? 'object' : expected;
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** A client's value as shown back to it. */
function shown(value: unknown): string {
  return shortened(JSON.stringify(value) ?? String(value));
}

/** Short enough for a message: a client's text may be of any length. */
function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
