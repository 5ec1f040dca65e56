import type { Commodity } from './bushels.ts';
import { dimensionName, isAlike, unitsLike } from './dimensions.ts';
import { quotient } from './unit-scale.ts';
import { parseUnit, type Unit, UnitError } from './unit-syntax.ts';

/**
 * A function that converts a number from one unit to another; it takes every number. What leaves the range of numbers
 * becomes infinite. Temperatures are converted as points on their scales, below absolute zero too.
 * @throws {UnitError} `unit-dimension-mismatch` where the two measure different things.
 */
export function converter(from: Unit, to: Unit): (value: number) => number {
  if (!isAlike(from, to)) {
    throw new UnitError(
      'unit-dimension-mismatch',
      `"${from.text}" measures ${dimensionName(from)}, but ${dimensionName(to)} is expected. Send one of: ${unitsLike(to).join(', ')}.`,
    );
  }
  const { over, under } = quotient(from.scale, to.scale);
  const multiply = multiplier(over, under);
  // Hundredths of degrees are whole numbers, so that what is exact on paper is exact here: 140 degF are 60 degC.
  const shift = (from.zero ?? 0) * over - (to.zero ?? 0) * under;
  if (shift === 0) return multiply;
  return over === under
    ? (value) => value + shift / (100 * over)
    : (value) => {
        const exact = (value * over + shift / 100) / under;
        return Number.isFinite(exact) ? exact : multiply(value);
      };
}

/** Multiplies by a fraction with as little rounding as can be: 7 hPa are 0.7 kPa, not 0.7000000000000001. */
function multiplier(over: number, under: number): (value: number) => number {
  if (over === under) return (value) => value;
  const ratio = over / under;
  if (!Number.isSafeInteger(over) || !Number.isSafeInteger(under)) return (value) => value * ratio;
  return (value) => {
    const exact = (value * over) / under;
    return Number.isFinite(exact) ? exact : value * ratio;
  };
}

/**
 * {@link converter} from one written unit to another, for a model whose artifact speaks another unit than its contract.
 * @throws {UnitError} as {@link parseUnit} and {@link converter} do.
 */
export function unitConverter(from: string, to: string, commodity?: Commodity): (value: number) => number {
  return converter(parseUnit(from, commodity), parseUnit(to, commodity));
}
