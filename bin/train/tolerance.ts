import { isWithin } from '../../contract/golden/golden.ts';
import type { GoldenTolerance } from '../../contract/golden/golden-cases.ts';

/** Whether two numbers are the same, as far as may be asked of two computations. */
export type Agreement = (committed: number, trained: number) => boolean;

/**
 * How far apart two trainings with the same code, data and packages may be, on any two processors.
 *
 * Processors differ in the order of a sum and in whether a product is rounded before it is added, so in the last bits of a
 * double: the numbers of the models here are apart by 3.4e-16 of their size at most between the kernels that OpenBLAS
 * has for x86-64 (OPENBLAS_CORETYPE from Prescott to Zen; a yield by 4.5e-13 kg/ha). 1e-9 leaves six orders of magnitude for solvers
 * that amplify them, and is a ten-thousandth of what serving may be off by. A number that is a difference of others
 * keeps their last bits and not their size: the absolute part, for others of up to some thousands.
 */
export const TRAINING_TOLERANCE: GoldenTolerance = { relative: 1e-9, absolute: 1e-12 };

/** Decimal places that a number may be rounded to before it is written, so that a reader can read it. */
const ROUNDED_PLACES = 6;
const SCALE = 10 ** ROUNDED_PLACES;

/**
 * Whether two numbers of two trainings agree: by {@link TRAINING_TOLERANCE}, or, where both were rounded to six decimals, by
 * one unit of the sixth, because last bits decide in which direction a number is rounded that lies between. Numbers that
 * are rounded to fewer decimals have to be the same.
 */
export function trainingsAgree(committed: number, trained: number): boolean {
  if (isWithin(committed, trained, TRAINING_TOLERANCE)) return true;
  if (!isRounded(committed) || !isRounded(trained)) return false;
  return Math.abs(Math.round(committed * SCALE) - Math.round(trained * SCALE)) <= 1;
}

/** Agreement by the tolerance of golden predictions. */
export function goldenAgreement(tolerance: GoldenTolerance): Agreement {
  return (committed, trained) => Object.is(committed, trained) || isWithin(committed, trained, tolerance);
}

/** Whether a number has at most six decimals. Of large ones a double can't tell, nor does a unit of the sixth matter. */
function isRounded(value: number): boolean {
  const scaled = Math.round(value * SCALE);
  return Number.isSafeInteger(scaled) && scaled / SCALE === value;
}
