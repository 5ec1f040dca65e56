import type { GoldenCase, GoldenTolerance } from './golden-cases.ts';

type Values = Readonly<Record<string, unknown>>;

/** One field of a golden prediction that was answered wrongly. */
export interface Skew {
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/**
 * Where an answer differs from a golden prediction; empty where it does not. Numbers may be apart by the tolerance,
 * anything else has to be the same. What an answer has besides is not compared.
 * @param answer bare values, quantities in their declared units
 */
export function skewOf(expected: GoldenCase['output'], answer: Values, tolerance: GoldenTolerance): Skew[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    const got = answer[field];
    return isSame(value, got, tolerance) ? [] : [{ field, expected: value, got }];
  });
}

/**
 * Whether a number is as close to the expected one as a tolerance says: its absolute part and its relative part of the
 * expected number together. An infinite number is close to itself only, NaN to none.
 */
export function isWithin(expected: number, got: number, { relative, absolute }: GoldenTolerance): boolean {
  if (expected === got) return true;
  if (!Number.isFinite(expected)) return false;
  return Math.abs(got - expected) <= absolute + relative * Math.abs(expected);
}

function isSame(expected: unknown, got: unknown, tolerance: GoldenTolerance): boolean {
  if (typeof expected !== 'number') return expected === got;
  return typeof got === 'number' && isWithin(expected, got, tolerance);
}
