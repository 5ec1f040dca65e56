import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longCircles, mutualPairs } from './circles.ts';
import type { Edge } from './imports.ts';

/** Imports written as `a/b.ts > c/d.ts`. */
function edges(...lines: readonly string[]): readonly Edge[] {
  return lines.map((line) => {
    const [from = '', to = ''] = line.split(' > ');
    return { from, to };
  });
}

describe('mutualPairs', () => {
  it('finds two folders side by side that import each other', () => {
    const found = mutualPairs(edges('t/b/1.ts > t/a/1.ts', 't/a/2.ts > t/b/2.ts'));

    expect(found).toEqual([['t/a', 't/b']]);
  });

  it('lets folders import one way, and files of one folder each other', () => {
    const oneWay = edges(
      't/a/1.ts > t/b/1.ts',
      't/a/2.ts > t/b/2.ts',
      't/a/1.ts > t/a/2.ts',
      't/a/2.ts > t/a/1.ts',
    );

    expect(mutualPairs(oneWay)).toEqual([]);
  });

  it.each([
    ['a folder and one that lies deeper elsewhere', ['t/a/1.ts > t/b/deep/1.ts', 't/b/deep/1.ts > t/a/1.ts']],
    ['folders below two others', ['t/a/x/1.ts > t/b/y/1.ts', 't/b/z/1.ts > t/a/1.ts']],
  ])('finds %s', (_, lines) => {
    expect(mutualPairs(edges(...lines))).toEqual([['t/a', 't/b']]);
  });

  it('finds folders that import each other far below the top', () => {
    const found = mutualPairs(edges('t/a/b/x/1.ts > t/a/b/y/1.ts', 't/a/b/y/1.ts > t/a/b/x/1.ts'));

    expect(found).toEqual([['t/a/b/x', 't/a/b/y']]);
  });

  it("finds a folder's own files and a folder below that import each other", () => {
    const found = mutualPairs(edges('t/a/1.ts > t/a/b/1.ts', 't/a/b/deep/2.ts > t/a/2.ts'));

    expect(found).toEqual([['t/a/.', 't/a/b']]);
  });

  it("lets a folder's own files use those below, or be used by them", () => {
    expect(mutualPairs(edges('t/a/1.ts > t/a/b/1.ts', 't/a/2.ts > t/a/c/1.ts'))).toEqual([]);
    expect(mutualPairs(edges('t/a/b/1.ts > t/a/1.ts', 't/a/c/1.ts > t/a/2.ts'))).toEqual([]);
  });

  it('tells folders apart whose names begin alike', () => {
    expect(mutualPairs(edges('t/a/1.ts > t/ab/1.ts', 't/a/b/1.ts > t/a/1.ts'))).toEqual([]);
  });

  it('leaves folders at the top to their arrows', () => {
    expect(mutualPairs(edges('t/1.ts > u/1.ts', 'u/1.ts > t/1.ts'))).toEqual([]);
  });
});

describe('longCircles', () => {
  const round = ['t/a/1.ts > t/b/1.ts', 't/b/1.ts > t/c/1.ts', 't/c/1.ts > t/a/1.ts'];

  it('finds a circle of three, of which no two import each other', () => {
    expect(mutualPairs(edges(...round))).toEqual([]);
    expect(longCircles(edges(...round, 't/a/1.ts > t/d/1.ts'))).toEqual([['t/a', 't/b', 't/c']]);
  });

  it('finds none where the arrows only branch and meet', () => {
    expect(longCircles(edges(...round.slice(0, 2), 't/a/1.ts > t/c/1.ts'))).toEqual([]);
  });

  it('joins pairs that have a folder in common', () => {
    const chain = edges(
      't/a/1.ts > t/b/1.ts',
      't/b/1.ts > t/a/1.ts',
      't/b/1.ts > t/c/1.ts',
      't/c/1.ts > t/b/1.ts',
    );

    expect(longCircles(chain)).toEqual([['t/a', 't/b', 't/c']]);
  });
});

describe('both together', () => {
  const folder = fc.constantFrom('t', 't/a', 't/a/x', 't/a/x/p', 't/a/y', 't/b', 't/b/x', 't/c');
  const graph = fc.array(fc.record({ from: folder, to: folder }), { maxLength: 14 });

  it('find something exactly where folders by the definition import each other in a circle of two', () => {
    fc.assert(
      fc.property(graph, (imports) => {
        const files = imports.map(({ from, to }) => ({ from: `${from}/1.ts`, to: `${to}/2.ts` }));

        expect(mutualPairs(files).length > 0).toBe(anyPairByDefinition(imports));
      }),
    );
  });

  it('find nothing where every import points one way along an order of the folders', () => {
    const order = ['t/a/x/p', 't/a/x', 't/a/y', 't/b/x', 't/b', 't/c'];
    const ordered = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 20 });
    fc.assert(
      fc.property(ordered, (pairs) => {
        const files = pairs
          .filter(([from, to]) => from > to)
          .map(([from, to]) => ({ from: `${order[from]}/1.ts`, to: `${order[to]}/1.ts` }));

        expect([...mutualPairs(files), ...longCircles(files)]).toEqual([]);
      }),
    );
  });
});

/** The definition, without any thought of how to compute it: every two parts, each a folder's own files or a whole folder. */
function anyPairByDefinition(imports: readonly { readonly from: string; readonly to: string }[]): boolean {
  const folders = [...new Set(imports.flatMap(({ from, to }) => [from, to]))].flatMap((folder) =>
    folder.split('/').map((_, index, steps) => steps.slice(0, index + 1).join('/')),
  );
  const within = (folder: string, whole: string): boolean =>
    folder === whole || folder.startsWith(`${whole}/`);
  const whole = folders.map((name) => (folder: string) => within(folder, name));
  const anyImport = (one: (folder: string) => boolean, other: (folder: string) => boolean): boolean =>
    imports.some(({ from, to }) => one(from) && other(to));
  const disjoint = folders.flatMap((a, i) =>
    folders.flatMap((b, j) => (within(a, b) || within(b, a) ? [] : [[whole[i], whole[j]] as const])),
  );
  const nested = folders.flatMap((a) =>
    folders.flatMap((b, j) =>
      a !== b && within(b, a) ? [[(folder: string) => folder === a, whole[j]] as const] : [],
    ),
  );
  return [...disjoint, ...nested].some(
    ([one, other]) =>
      one !== undefined && other !== undefined && anyImport(one, other) && anyImport(other, one),
  );
}
