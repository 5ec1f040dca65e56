import { describe, expect, it } from 'vitest';
import { isWithin, skewOf } from '../../../contract/golden/golden.ts';
import { type GoldenReading, readGolden, someOf } from '../../../contract/golden/golden-cases.ts';
import { computed } from '../../lambda/support/ports.ts';

const file = (content: object) => readGolden(computed, JSON.stringify(content));
const GOOD = { input: { area: 2 }, output: { harvest: 6 } };

function problemsOf(reading: GoldenReading): readonly string[] {
  return 'problems' in reading ? reading.problems : [];
}

describe('a file of golden predictions', () => {
  it('is read, with what a model of 32-bit numbers may be apart where it says nothing', () => {
    expect(file({ generator: { python: '3.11' }, cases: [{ ...GOOD, published: {} }] })).toEqual({
      golden: { tolerance: { relative: 1e-5, absolute: 0 }, cases: [GOOD] },
    });
    expect(file({ tolerance: { relative: 0, absolute: 0.01 }, cases: [GOOD] })).toMatchObject({
      golden: { tolerance: { relative: 0, absolute: 0.01 } },
    });
  });

  it.each([
    [[], ['/cases: Too small']],
    [[{ ...GOOD, input: { area: -1 } }], ['/cases/0/input/area: ']],
    [
      [GOOD, { ...GOOD, output: { harvst: 6 } }],
      ["/cases/1/output/harvst: the model's output has no such field."],
    ],
    [[{ ...GOOD, output: {} }], ['/cases/0/output: names nothing to compare.']],
  ])('with the cases %j has its problems told with their place', (cases, expected) => {
    const found = problemsOf(file({ cases }));

    expect(found).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(found[index]).toContain(start);
  });

  it('that is no JSON is said to be none', () => {
    expect(problemsOf(readGolden(computed, '{'))[0]).toMatch(/^is not JSON: /);
  });

  it('gives as many of its cases as are wanted, from all over it', () => {
    const cases = Array.from({ length: 60 }, (_, area) => ({
      input: { area },
      output: { harvest: 3 * area },
    }));
    const golden = { tolerance: { relative: 0, absolute: 0 }, cases };

    expect(someOf(golden, 4).cases.map(({ input }) => input.area)).toEqual([0, 15, 30, 45]);
    expect(someOf(golden, 100)).toBe(golden);
  });
});

describe('an answer', () => {
  const tolerance = { relative: 1e-5, absolute: 0 };

  it('may be as far from a golden prediction as its tolerance says, and no farther', () => {
    expect(skewOf({ harvest: 1000 }, { harvest: 1000.009 }, tolerance)).toEqual([]);
    expect(skewOf({ harvest: 1000 }, { harvest: 1000.011 }, tolerance)).toEqual([
      { field: 'harvest', expected: 1000, got: 1000.011 },
    ]);
    expect(skewOf({ harvest: -1000 }, { harvest: -1000.009 }, tolerance)).toEqual([]);
    expect(skewOf({ harvest: 3.88 }, { harvest: 3.875 }, { relative: 0, absolute: 0.01 })).toEqual([]);
  });

  it.each([[undefined], [Number.NaN], ['6'], [{ value: 6, unit: 't' }]])(
    'is wrong where it is %j for a number',
    (got) => {
      expect(skewOf({ harvest: 6 }, { harvest: got }, tolerance)).toHaveLength(1);
    },
  );

  it('that is infinite is no closer to a finite number than to its opposite', () => {
    expect(isWithin(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, tolerance)).toBe(true);
    expect(isWithin(Number.POSITIVE_INFINITY, 1, tolerance)).toBe(false);
    expect(isWithin(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, tolerance)).toBe(false);
    expect(isWithin(1, Number.POSITIVE_INFINITY, tolerance)).toBe(false);
    expect(isWithin(Number.NaN, Number.NaN, tolerance)).toBe(false);
  });

  it('has to be the same where it is no number, and may have more than was compared', () => {
    expect(skewOf({ decision: 'refer' }, { decision: 'refer', probability: 1 }, tolerance)).toEqual([]);
    expect(skewOf({ decision: 'refer' }, { decision: 'dismiss' }, tolerance)).toHaveLength(1);
  });
});
