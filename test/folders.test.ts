import { describe, expect, it } from 'vitest';
import { longCircles, mutualPairs } from './support/circles.ts';
import { type Edge, edgesOf, foldersWithCode, importsOf } from './support/imports.ts';

/** The tests may import everything. */
const FOLDERS = foldersWithCode().filter((folder) => folder !== 'test');

describe.each(FOLDERS)('the folders below %s', (top) => {
  const edges = edgesOf(importsOf(top));

  it('do not import each other, at any depth', () => {
    expect(mutualPairs(edges)).toEqual([]);
  });

  it('import one another in no wider circle', () => {
    expect(longCircles(edges)).toEqual([]);
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

    expect(backwards.length).toBeGreaterThan(100);
    expect(backwards.filter((edge) => !isNew(edge))).toEqual([]);
  }, 120_000);
});
