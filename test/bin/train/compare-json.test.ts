import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../../bin/train/compare-json.ts';
import { trainingsAgree } from '../../../bin/train/tolerance.ts';
import { pointer } from '../../../contract/fields/validation.ts';

const compare = (committed: unknown, trained: unknown) => differencesOf(committed, trained, trainingsAgree);

/** Names that plain objects have already, beside any others. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('constructor', '__proto__', 'toString', 'length', 'hasOwnProperty', 'a/b', 'a~b', ''),
);
const leaf = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 5 }),
    // As JSON.parse makes it, "__proto__" being a member like any other.
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 5 }).map(Object.fromEntries),
  ),
}));

type Path = readonly string[];

/** The paths of all values of a tree. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, [...path, name]))];
}

/** A tree with another value at a path, or without it. */
function withChange(value: unknown, [name, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  const entries = Object.entries(value as object).map(
    ([one, child]) => [one, one === name ? withChange(child, rest, change) : child] as const,
  );
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown>)[name], value);
}

/** A tree, and the place of one of its values. */
const place = tree.chain((value) => fc.tuple(fc.constant(value), fc.constantFrom(...pathsOf(value))));

describe('a JSON tree', () => {
  it('equals itself, whatever it holds, and in whatever order its members are', () => {
    const reordered = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(reordered);
      const entries = Object.entries(value).map(([name, child]) => [name, reordered(child)] as const);
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(fc.property(tree, (value) => compare(value, reordered(value)).length === 0));
  });

  it('differs at the one place where it has something of another type', () => {
    const other = (old: unknown) => (typeof old === 'boolean' ? 'true' : true);
    fc.assert(
      fc.property(place, ([value, path]) => {
        const changed = withChange(value, path, other);
        expect(compare(value, changed)).toEqual([
          {
            path: pointer('', path),
            kind: 'changed',
            committed: valueAt(value, path),
            trained: valueAt(changed, path),
          },
        ]);
      }),
    );
  });

  it('differs at the one place where a number or a string changed, and not by last bits', () => {
    fc.assert(
      fc.property(place, ([value, path]) => {
        const old = valueAt(value, path);
        fc.pre(typeof old === 'number' || typeof old === 'string');
        const changed = withChange(value, path, (one) =>
          typeof one === 'number' ? (Math.abs(one) < 1e-3 ? one + 1 : one * 1.01) : `${one}!`,
        );
        const found = compare(value, changed);
        expect(found.map((one) => one.path)).toEqual([pointer('', path)]);

        const nearly = withChange(value, path, (one) => (typeof one === 'number' ? one * (1 - 4e-16) : one));
        expect(compare(value, nearly)).toEqual([]);
      }),
    );
  });

  it('differs at a member that only one of two has', () => {
    fc.assert(
      fc.property(place, key, leaf, ([value, path], name, added) => {
        const inner = valueAt(value, path);
        fc.pre(typeof inner === 'object' && inner !== null && !Array.isArray(inner));
        fc.pre(!Object.hasOwn(inner as object, name));
        const more = withChange(value, path, (old) =>
          Object.fromEntries([...Object.entries(old as object), [name, added]]),
        );
        const where = pointer('', [...path, name]);
        expect(compare(value, more)).toEqual([{ path: where, kind: 'not-committed', trained: added }]);
        expect(compare(more, value)).toEqual([{ path: where, kind: 'not-trained', committed: added }]);
      }),
    );
  });

  it('differs at each element that only the longer of two arrays has', () => {
    expect(compare({ deciles: [1, 2] }, { deciles: [1, 2, 3, 4] })).toEqual([
      { path: '/deciles/2', kind: 'not-committed', trained: 3 },
      { path: '/deciles/3', kind: 'not-committed', trained: 4 },
    ]);
    expect(compare([1], [])).toEqual([{ path: '/0', kind: 'not-trained', committed: 1 }]);
  });

  it.each([
    [[], {}],
    [{ 0: 1 }, [1]],
    [null, {}],
    [0, false],
    [1, '1'],
    [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}')],
    [JSON.parse('{"__proto__":null}'), {}],
    [{ constructor: 1 }, {}],
  ])('%j is not %j', (committed, trained) => {
    expect(compare(committed, trained)).toHaveLength(1);
    expect(compare(trained, committed)).toHaveLength(1);
  });

  it('may be nested deeper than functions can call each other', () => {
    const nested = (inner: string) => JSON.parse('['.repeat(200_000) + inner + ']'.repeat(200_000));
    expect(compare(nested('1'), nested('2'))).toHaveLength(1);
  });
});
