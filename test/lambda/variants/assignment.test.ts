import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, type Weighted } from '../../../lambda/variants/assignment.ts';

const CALLERS = Array.from({ length: 10_000 }, (_, index) => `caller-${index}`);
const MODEL = 'barley-yield';

const two = (champion: number, challenger: number): readonly Weighted[] => [
  { name: 'champion', weight: champion },
  { name: 'ridge', weight: challenger },
];
const nameOf = (variants: readonly Weighted[], caller: string, model = MODEL) =>
  assign(model, variants, caller).name;
const countOf = (variants: readonly Weighted[], name: string) =>
  CALLERS.filter((caller) => nameOf(variants, caller) === name).length;

/** Half the width of the interval that holds 99.9 % of binomial counts: 3.2905 standard deviations. */
const spread = (share: number) => 3.2905 * Math.sqrt(CALLERS.length * share * (1 - share));

const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 }).filter((list) => {
  return list.some((weight) => weight > 0);
});
const variantsOf = (list: readonly number[]) => list.map((weight, index) => ({ name: `v${index}`, weight }));

describe('the assignment of callers to variants', () => {
  it.each([
    [90, 10],
    [80, 20],
    [50, 50],
    [99, 1],
    [0.9, 0.1],
  ])(
    'lands 10,000 callers at weights %d/%d within the binomial interval of 99.9 percent',
    (champion, challenger) => {
      const share = champion / (champion + challenger);
      const count = countOf(two(champion, challenger), 'champion');

      expect(Math.abs(count - CALLERS.length * share)).toBeLessThan(spread(share));
    },
  );

  it('lands three variants within it, too', () => {
    const variants = [...two(70, 20), { name: 'forest', weight: 10 }];
    for (const { name, weight } of variants) {
      const expected = (CALLERS.length * weight) / 100;
      expect(Math.abs(countOf(variants, name) - expected)).toBeLessThan(spread(weight / 100));
    }
  });

  it('moves a tenth of the callers from 90/10 to 80/20, all from the champion to the challenger', () => {
    const moved = CALLERS.filter((caller) => nameOf(two(90, 10), caller) !== nameOf(two(80, 20), caller));

    expect(Math.abs(moved.length - CALLERS.length / 10)).toBeLessThan(spread(0.1));
    expect(new Set(moved.map((caller) => nameOf(two(90, 10), caller)))).toEqual(new Set(['champion']));
    expect(new Set(moved.map((caller) => nameOf(two(80, 20), caller)))).toEqual(new Set(['ridge']));
  });

  it('keeps a caller where it is, in whatever order the variants are declared', () => {
    fc.assert(
      fc.property(weights, fc.string(), (list, caller) => {
        const variants = variantsOf(list);
        expect(nameOf([...variants].reverse(), caller)).toBe(nameOf(variants, caller));
      }),
    );
  });

  it('lets a weight that grows only take callers, and one that shrinks only give them', () => {
    fc.assert(
      fc.property(
        weights,
        fc.nat(5),
        fc.integer({ min: 1, max: 100 }),
        fc.string(),
        (list, at, more, caller) => {
          const index = at % list.length;
          const before = variantsOf(list);
          const after = variantsOf(list.map((weight, each) => (each === index ? weight + more : weight)));
          const [from, to] = [nameOf(before, caller), nameOf(after, caller)];
          if (from !== to) expect(to).toBe(`v${index}`);
        },
      ),
    );
  });

  it('moves only the callers of a variant that is added or removed', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 100 }), fc.string(), (list, weight, caller) => {
        const without = variantsOf(list);
        const from = nameOf(without, caller);
        const to = nameOf([...without, { name: 'new', weight }], caller);
        expect([from, 'new']).toContain(to);
      }),
    );
  });

  it('gives nobody to a weight of 0', () => {
    expect(countOf(two(90, 0), 'ridge')).toBe(0);
    expect(countOf(two(0, 1), 'champion')).toBe(0);
    expect(() => assign(MODEL, two(0, 0), 'caller')).toThrow(
      'no variant of barley-yield has a weight above 0',
    );
  });

  it("says nothing about a caller's variant of another model", () => {
    const variants = two(50, 50);
    const same = CALLERS.filter((caller) => nameOf(variants, caller) === nameOf(variants, caller, 'oats'));

    expect(Math.abs(same.length - CALLERS.length / 2)).toBeLessThan(spread(0.5));
  });
});
