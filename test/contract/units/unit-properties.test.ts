import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUnits } from '../../../contract/units/dimensions.ts';
import { UNIT_DEFINITIONS, type UnitDefinition } from '../../../contract/units/unit-definitions.ts';
import { acceptedNames } from '../../../contract/units/unit-names.ts';
import { parseUnit, type Unit, UnitError } from '../../../contract/units/unit-syntax.ts';
import { converter } from '../../../contract/units/units.ts';

const PROMISED = ['unknown-unit', 'unit-dimension-mismatch', 'commodity-missing', 'commodity-mismatch'];

function parsed(text: string): Unit | undefined {
  try {
    return parseUnit(text, 'barley');
  } catch (error) {
    expect(error).toBeInstanceOf(UnitError);
    expect(PROMISED).toContain((error as UnitError).code);
    return undefined;
  }
}

const names = acceptedNames();
const name = fc.constantFrom(...names.map((accepted) => accepted.name), 'bu');
const exponent = fc.constantFrom(-3, -2, -1, 1, 2, 3);
const factor = fc.tuple(name, exponent).map(([unit, power]) => (power === 1 ? unit : `${unit}^${power}`));
const product = fc.array(factor, { minLength: 1, maxLength: 4 }).map((factors) => factors.join(' '));

/** Two names of the same unit, with different prefixes, to the same power. */
const alikeFactors = fc
  .constantFrom(...UNIT_DEFINITIONS.map(namesOf))
  .chain((own) => fc.tuple(fc.constantFrom(...own), fc.constantFrom(...own), exponent))
  .map(([first, second, power]) => [`${first}^${power}`, `${second}^${power}`]);

function namesOf({ symbols, names: words }: UnitDefinition): readonly string[] {
  return names.filter(({ unit }) => [...symbols, ...words].includes(unit)).map((accepted) => accepted.name);
}

/** Every double there is: by its bits, so that no range is preferred. */
const anyDouble = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((bits) => new Float64Array(new BigUint64Array([bits]).buffer)[0] ?? 0);

/** Units of one dimension each, among which every value may be sent. */
const FAMILIES = [
  ['kg/ha', 't/ha', 'g/m2', 'lb/acre', 'bu/acre', 'Mg/ha', 'q/ha'],
  ['degC', 'degF', 'K', 'degR'],
  ['Pa', 'hPa', 'mmHg', 'psi', 'atm', 'YPa', 'yPa'],
  ['deg', 'rad', 'arcsec', 'turn'],
  ['m3', 'l', 'gal', 'floz', 'Gm3'],
  ['1', '%', 'ppm', 'kg/Yg'],
];
const pair = fc
  .constantFrom(...FAMILIES)
  .chain((family) => fc.tuple(fc.constantFrom(...family), fc.constantFrom(...family)));

describe('units, whatever they are', () => {
  it('are understood or refused with a promised code', () => {
    const near = fc.array(fc.oneof(name, fc.constantFrom(...'/*.^-²1( )[]"', ' per ')), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof(
          near.map((parts) => parts.join('')),
          fc.string({ unit: 'binary', maxLength: 200 }),
        ),
        (text) => {
          parsed(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are the same when they are read from what was read', () => {
    fc.assert(
      fc.property(product, (text) => {
        const unit = parsed(text);
        fc.pre(unit !== undefined);
        expect(parsed(unit.text)).toEqual(unit);
        const base = parsed(baseUnits(unit));
        // A dimension of many parts may be too long, or too high, for a unit.
        if (base !== undefined) expect(base.dimension).toEqual(unit.dimension);
      }),
    );
  });

  it('measure what their parts measure: dimensions add in a product and are taken away in a division', () => {
    fc.assert(
      fc.property(name, name, (left, right) => {
        const [one, other] = [left, right].map((text) => parsed(`${text} m/m`));
        const [over, by] = [parsed(`${left} ${right}`), parsed(`${left}/${right}`)];
        fc.pre(one !== undefined && other !== undefined && over !== undefined && by !== undefined);
        expect(over.dimension).toEqual(one.dimension.map((own, at) => own + (other.dimension[at] ?? 0)));
        expect(by.dimension.map((own) => own + 0)).toEqual(
          one.dimension.map((own, at) => own - (other.dimension[at] ?? 0) + 0),
        );
        expect(over.factor / (one.factor * other.factor)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('convert there and back to the same number', () => {
    fc.assert(
      fc.property(pair, fc.double({ min: -1e15, max: 1e15, noNaN: true }), ([from, to], value) => {
        const [one, other] = [parseUnit(from, 'barley'), parseUnit(to, 'barley')];
        const back = converter(other, one)(converter(one, other)(value));
        // Rounded too are numbers near the smallest there is and, of a temperature, its distance from absolute zero.
        const size = Math.max(Math.abs(value), one.zero === undefined ? 1e-240 : 500);
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-12 * size);
      }),
      { numRuns: 1000 },
    );
  });

  it('convert every number there is without an exception, and keep what is no number', () => {
    fc.assert(
      fc.property(pair, anyDouble, ([from, to], value) => {
        const converted = converter(parseUnit(from, 'barley'), parseUnit(to, 'barley'))(value);
        expect(Number.isNaN(converted)).toBe(Number.isNaN(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('convert with a factor that is a number, between any two that are alike', () => {
    fc.assert(
      fc.property(fc.array(alikeFactors, { minLength: 1, maxLength: 4 }), (factors) => {
        const [one, other] = [0, 1].map((side) => parsed(factors.map((pairOf) => pairOf[side]).join(' ')));
        fc.pre(one !== undefined && other !== undefined);
        const between = converter({ ...one, zero: undefined }, { ...other, zero: undefined })(1);
        expect(between).toBeGreaterThan(0);
        expect(between).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 500 },
    );
  });
});

describe('units at the ends of the numbers', () => {
  it.each(['Ym9', 'ym9', 'Ym-9', 'YPa9 YPa9', 'kg/Ym9', '(Ym3)3', 'mi9 mi9 mi9 mi9'])(
    'are refused: %s',
    (text) => {
      expect(() => parseUnit(text)).toThrow('too large or too small to be converted');
    },
  );

  it('convert nothing to zero times infinity', () => {
    const [large, small] = [parseUnit('Ym3'), parseUnit('ym3')];

    expect(converter(large, small)(0)).toBe(0);
    expect(converter(large, small)(1e300)).toBe(Number.POSITIVE_INFINITY);
    expect(converter(small, large)(1e300)).toBeCloseTo(1e156, -143);
  });
});

describe('conversions that are exact on paper', () => {
  it.each([
    [140, 'degF', 'degC', 60],
    [32, 'degF', 'degC', 0],
    [-40, 'degC', 'degF', -40],
    [0, 'K', 'degC', -273.15],
    [-459.67, 'degF', 'K', 0],
    [-5, 'K', 'degC', -278.15],
    [7, 'hPa', 'kPa', 0.7],
    [30, 'arcmin', 'deg', 0.5],
    [3, 'kg/ha', 'g/m2', 0.3],
    [1, 'acre', 'ft2', 43_560],
    [1, 'lb/sqft', 'lb/ft2', 1],
    [1, 'gal', 'in3', 231],
    [1, 'dt/ha', 'kg/ha', 100],
  ])('%f %s is so many %s: %f', (value, from, to, expected) => {
    expect(converter(parseUnit(from), parseUnit(to))(value)).toBe(expected);
  });
});
