import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Distribution, RELATIVE_ERROR } from '../../../local/cloudwatch/distribution.ts';

function distributionOf(values: Iterable<number>): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

/** By the definition, from all values in order: the smallest that so many percent of them do not exceed. */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const least = sorted.find(
    (candidate) => sorted.filter((value) => value <= candidate).length * 100 >= percent * sorted.length,
  );
  if (least === undefined) throw new Error('no values');
  return least;
}

const takenByCloudWatch = fc.double({ min: -(2 ** 360), max: 2 ** 360, noNaN: true });
const percents = fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 10);

describe('a distribution', () => {
  it('has the percentiles that the definition gives', () => {
    const values = [15, 20, 35, 40, 50];
    const distribution = distributionOf(values);

    expect([5, 20, 30, 40, 50, 95, 100].map((percent) => distribution.percentile(percent))).toEqual([
      15, 15, 20, 20, 35, 50, 50,
    ]);
    expect(distribution).toMatchObject({ sampleCount: 5, sum: 160, average: 32, minimum: 15, maximum: 50 });
  });

  it('is exact for any few values, in any order', () => {
    fc.assert(
      fc.property(fc.array(takenByCloudWatch, { minLength: 1, maxLength: 60 }), percents, (sent, percent) => {
        const distribution = distributionOf(sent);
        // There is one zero only.
        const values = sent.map((value) => value + 0);
        expect(distribution.percentile(percent)).toBe(nearestRank(values, percent));
        expect(distribution.sampleCount).toBe(values.length);
        expect(distribution.minimum).toBe(Math.min(...values));
        expect(distribution.maximum).toBe(Math.max(...values));
      }),
    );
  });

  it.each([[[-0]], [[-0, 0]], [[0, -0]], [[-0, -1e-300]]])('knows one zero only: %j', (values) => {
    const distribution = distributionOf(values);

    expect(distribution.maximum).toBe(0);
    expect(distribution.percentile(100)).toBe(0);
    expect(distribution.minimum).toBe(Math.min(...values) + 0);
  });

  it('is within its relative error for many values of any size', () => {
    const many = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
      minLength: 1500,
      maxLength: 2500,
    });
    fc.assert(
      fc.property(many, fc.constantFrom(1, 10, 50, 90, 95, 99, 99.9, 100), (values, percent) => {
        const right = [...values].sort((a, b) => a - b)[
          Math.max(0, Math.ceil((percent / 100) * values.length) - 1)
        ] as number;
        const got = distributionOf(values).percentile(percent);
        // What is smaller than CloudWatch's range knows counts as 0.
        const allowed = RELATIVE_ERROR * 1.0001 * Math.abs(right) + 2 ** -360;
        expect(Math.abs(got - right)).toBeLessThanOrEqual(allowed);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('holds 1,000,000 different values in memory that does not grow with them', () => {
    const distribution = new Distribution();
    // Latencies from 1 to 101 ms, each value another one: what they are does not depend on the day.
    for (let index = 0; index < 1_000_000; index += 1) {
      distribution.add(1 + 100 * ((index * 0.618_033_988_749_895) % 1));
    }

    expect(distribution.size).toBeLessThan(1000);
    expect(distribution.sampleCount).toBe(1_000_000);
    for (const percent of [1, 50, 95, 99, 99.9]) {
      const right = 1 + percent;
      expect(Math.abs(distribution.percentile(percent) - right)).toBeLessThan(0.01 * right);
    }
    expect(distribution.average).toBeCloseTo(51, 3);
  });

  it('does not grow past a bound whatever the values are', () => {
    const distribution = new Distribution();
    for (let index = 0; index < 1_000_000; index += 1) {
      distribution.add(
        (index % 2 === 0 ? 1 : -1) * 2 ** (((index * 0.618_033_988_749_895) % 1) * 1434 - 1074),
      );
    }
    expect(distribution.size).toBeLessThan(110_000);
  });

  it('merged of parts is that of the whole', () => {
    const part = fc.array(fc.integer({ min: -1000, max: 100_000 }), { minLength: 1, maxLength: 1500 });
    fc.assert(
      fc.property(part, part, percents, (one, other, percent) => {
        const merged = distributionOf(one);
        merged.merge(distributionOf(other));
        const whole = distributionOf([...one, ...other]);
        expect([merged.sampleCount, merged.sum, merged.minimum, merged.maximum]).toEqual([
          whole.sampleCount,
          whole.sum,
          whole.minimum,
          whole.maximum,
        ]);
        const [a, b] = [merged.percentile(percent), whole.percentile(percent)];
        expect(Math.abs(a - b)).toBeLessThanOrEqual(2 * RELATIVE_ERROR * Math.abs(b));
      }),
      { numRuns: 40 },
    );
  });

  it('adds up a million small values to a large one without losing them', () => {
    const distribution = distributionOf([1e16]);
    for (let index = 0; index < 1_000_000; index += 1) distribution.add(0.5);
    expect(distribution.sum).toBe(1e16 + 500_000);
  });
});
