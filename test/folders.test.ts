import { describe, expect, it } from 'vitest';
import { longCircles, mutualPairs, type Pair } from './support/circles.ts';
import { type Edge, edgesOf, foldersWithCode, importsOf } from './support/imports.ts';

/** Pairs of folders that import each other today. This list only gets shorter: a pair that is mended leaves it. */
const HELD: readonly Pair[] = [
  ['bin/.', 'bin/verify'],
  ['lambda/batch', 'lambda/operations'],
  ['lambda/operations', 'lambda/variants'],
  ['lambda/operations', 'lambda/verification'],
  ['lib/alarms', 'lib/functions'],
  ['lib/api', 'lib/functions'],
  ['lib/bundling', 'lib/functions'],
  ['lib/functions', 'lib/validation'],
  ['lib/hosting', 'lib/validation'],
  ['lib/network', 'lib/validation'],
  ['serving/.', 'serving/http'],
];

/** Circles of more than two folders, likewise. */
const HELD_CIRCLES: readonly (readonly string[])[] = [
  ['lib/callbacks', 'lib/capture', 'lib/functions', 'lib/hosting', 'lib/queues'],
];

/** The tests may import everything. */
const FOLDERS = foldersWithCode().filter((folder) => folder !== 'test');

const isWithin =
  (top: string) =>
  ([first = '']: readonly string[]): boolean =>
    first.startsWith(`${top}/`);

describe.each(FOLDERS)('the folders below %s', (top) => {
  const edges = edgesOf(importsOf(top));
  const held = HELD.filter(isWithin(top));

  it('do not import each other, at any depth, but for the pairs that are held', () => {
    expect(mutualPairs(edges)).toEqual(held);
  });

  it('import one another in no wider circle, but for those that are held', () => {
    expect(longCircles(edges, held)).toEqual(HELD_CIRCLES.filter(isWithin(top)));
  });
});

describe('what is held', () => {
  it('is about folders that are there', () => {
    const elsewhere = [...HELD, ...HELD_CIRCLES].filter(
      (held) => !FOLDERS.some((top) => isWithin(top)(held)),
    );

    expect(elsewhere).toEqual([]);
  });
});

describe('one import more', () => {
  const edges = FOLDERS.flatMap((top) => edgesOf(importsOf(top)));
  const before = mutualPairs(edges);
  const isNew = (edge: Edge): boolean => mutualPairs([...edges, edge]).length > before.length;

  it('is found between any two folders side by side of which one imports the other', () => {
    const backwards = edges
      .filter(
        ({ from, to }) =>
          mutualPairs([
            { from, to },
            { from: to, to: from },
          ]).length > 0,
      )
      .map(({ from, to }): Edge => ({ from: to, to: from }));
    const held = new Set(before.map((pair) => pair.join()));
    const missed = backwards.filter((edge) => {
      const [pair = []] = mutualPairs([edge, { from: edge.to, to: edge.from }]);
      return !held.has(pair.join()) && !isNew(edge);
    });

    expect(backwards.length).toBeGreaterThan(100);
    expect(missed).toEqual([]);
  }, 120_000);
});
