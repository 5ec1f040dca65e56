import Qty from 'js-quantities';
import type { Commodity } from './bushels.ts';
import { dimensionName, unitsLike } from './dimensions.ts';
import { parseUnit, type Unit, UnitError } from './unit-syntax.ts';

/**
 * A function that converts a number from one unit to another.
 * @throws {UnitError} `unit-dimension-mismatch` where the two measure different things.
 */
export function converter(from: Unit, to: Unit): (value: number) => number {
  if (from.expression === to.expression && from.factor === to.factor) return (value) => value;
  if (!Qty(1, from.expression).isCompatible(to.expression)) {
    throw new UnitError(
      'unit-dimension-mismatch',
      `"${from.text}" measures ${dimensionName(from)}, but ${dimensionName(to)} is expected. Send one of: ${unitsLike(to).join(', ')}.`,
    );
  }
  const convert = Qty.swiftConverter(from.expression, to.expression);
  return (value) => convert(value * from.factor) / to.factor;
}

/**
 * {@link converter} from one written unit to another, for a model whose artifact speaks another unit than its contract.
 * @throws {UnitError} as {@link parseUnit} and {@link converter} do.
 */
export function unitConverter(from: string, to: string, commodity?: Commodity): (value: number) => number {
  return converter(parseUnit(from, commodity), parseUnit(to, commodity));
}
