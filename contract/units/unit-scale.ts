/**
 * A positive number as a product that stays exact where its parts are whole: `numerator / denominator × 10^decimal × π^pi`.
 * A pound is 45359237 × 10⁻⁸ kg, a degree π / 180 rad. So a conversion is rounded once or twice, not once for each factor.
 */
export interface Scale {
  readonly numerator: number;
  readonly denominator: number;
  readonly decimal: number;
  readonly pi: number;
}

export const ONE: Scale = { numerator: 1, denominator: 1, decimal: 0, pi: 0 };

/** The scale of a decimal number as it is written: 0.45359237 is 45359237 × 10⁻⁸. */
export function scaleOf(value: number): Scale {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  return { ...ONE, numerator: Number(whole + fraction), decimal: Number(exponent) - fraction.length };
}

export function times(left: Scale, right: Scale): Scale {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
    decimal: left.decimal + right.decimal,
    pi: left.pi + right.pi,
  };
}

/** A scale to a whole power; a negative one is the power of its reciprocal. */
export function power(scale: Scale, exponent: number): Scale {
  const { numerator, denominator, decimal, pi } = scale;
  const base =
    exponent < 0 ? { numerator: denominator, denominator: numerator, decimal: -decimal, pi: -pi } : scale;
  let result = ONE;
  for (let count = Math.abs(exponent); count > 0; count--) result = times(result, base);
  return result;
}

/** As a number. */
export function factorOf({ numerator, denominator, decimal, pi }: Scale): number {
  const { over, under } = fraction(numerator, denominator, decimal, pi);
  return over / under;
}

/** `from / to` as the two numbers of a fraction, each of which is exact where it is below 2⁵³ and holds no π. */
export function quotient(from: Scale, to: Scale): { readonly over: number; readonly under: number } {
  return fraction(
    from.numerator * to.denominator,
    from.denominator * to.numerator,
    from.decimal - to.decimal,
    from.pi - to.pi,
  );
}

function fraction(numerator: number, denominator: number, decimal: number, pi: number) {
  return {
    over: numerator * tenTo(Math.max(decimal, 0)) * Math.PI ** Math.max(pi, 0),
    under: denominator * tenTo(Math.max(-decimal, 0)) * Math.PI ** Math.max(-pi, 0),
  };
}

/** The number nearest to a power of ten, which `10 ** exponent` need not be. */
function tenTo(exponent: number): number {
  return Number(`1e${exponent}`);
}

/**
 * Whether the scale and its quotient with any other such scale are far from the ends of the numbers: no conversion
 * multiplies by Infinity or divides by zero.
 */
export function isConvertible({ numerator, denominator, decimal, pi }: Scale): boolean {
  return numerator <= 1e60 && denominator <= 1e60 && Math.abs(decimal) <= 75 && Math.abs(pi) <= 20;
}
