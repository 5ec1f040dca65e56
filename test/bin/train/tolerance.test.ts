import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenAgreement, trainingsAgree } from '../../../bin/train/tolerance.ts';

/** A double some units in the last place away, by the bits of it. */
function ulpsAway(value: number, ulps: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = (bits[0] ?? 0n) + BigInt(ulps);
  return new Float64Array(bits.buffer)[0] ?? Number.NaN;
}

const size = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
const number = fc.tuple(size, fc.constantFrom(1, -1)).map(([value, sign]) => value * sign);

describe('numbers of two trainings', () => {
  it('agree where last bits differ: of two processors, or of any size', () => {
    expect(trainingsAgree(1659.6041254239108, 1659.6041254239105)).toBe(true);
    fc.assert(
      fc.property(number, fc.integer({ min: -1000, max: 1000 }), (value, ulps) =>
        trainingsAgree(value, ulpsAway(value, ulps)),
      ),
    );
  });

  it('agree where they are differences of larger numbers, of which the last bits are left', () => {
    expect(trainingsAgree(3.1e-14, -4.5e-13)).toBe(true);
    expect(trainingsAgree(0, -0)).toBe(true);
    expect(trainingsAgree(1.1e-11, 2.2e-11)).toBe(false);
  });

  it('agree to the sixth decimal where both were rounded to it', () => {
    expect(trainingsAgree(0.013378, 0.013379)).toBe(true);
    expect(trainingsAgree(0, -0.000001)).toBe(true);
    expect(trainingsAgree(0.2, 0.199999)).toBe(true);
    expect(trainingsAgree(0.013378, 0.01338)).toBe(false);
    expect(trainingsAgree(0.013378, 0.01337912345)).toBe(false);
    expect(trainingsAgree(1.2e-7, 3.4e-7)).toBe(false);
    expect(trainingsAgree(18, 19)).toBe(false);
    expect(trainingsAgree(0.37, 0.38)).toBe(false);
  });

  it('differ from a millionth of their size on, if that is more than a rounding', () => {
    fc.assert(
      fc.property(number, fc.double({ min: 1e-6, max: 1, noNaN: true }), (value, share) => {
        fc.pre(Math.abs(value * share) > 2.1e-6);
        return !trainingsAgree(value, value * (1 + share)) && !trainingsAgree(value, value * (1 - share));
      }),
    );
  });

  it('that are not finite agree with themselves only', () => {
    expect(trainingsAgree(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(true);
    expect(trainingsAgree(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(false);
    expect(trainingsAgree(Number.POSITIVE_INFINITY, 1)).toBe(false);
    expect(trainingsAgree(1, Number.POSITIVE_INFINITY)).toBe(false);
    expect(trainingsAgree(Number.NaN, 1)).toBe(false);
  });
});

describe('predictions of two models', () => {
  const agree = goldenAgreement({ relative: 1e-5, absolute: 0.01 });

  it('agree within the golden tolerance', () => {
    expect(agree(1000, 1000.0199)).toBe(true);
    expect(agree(1000, 1000.0201)).toBe(false);
  });

  it('agree where both are not a number, and only then', () => {
    expect(agree(Number.NaN, Number.NaN)).toBe(true);
    expect(agree(Number.NaN, 1)).toBe(false);
    expect(agree(1, Number.NaN)).toBe(false);
  });
});
