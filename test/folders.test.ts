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
  it('is found between any two folders side by side of which one imports the other', () => {
    let tried = 0;
    for (const top of FOLDERS) {
      const edges = edgesOf(importsOf(top));
      for (const { from, to } of edges) {
        const back: Edge = { from: to, to: from };
        if (mutualPairs([{ from, to }, back]).length === 0) continue;
        tried += 1;
        expect(mutualPairs([...edges, back]), `${to} > ${from}`).not.toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(100);
  }, 120_000);
});
