import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUSHEL_POUNDS, COMMODITIES, type Commodity } from '../../../contract/units/bushels.ts';
import { parseUnit, UnitError } from '../../../contract/units/unit-syntax.ts';
import { converter, unitConverter } from '../../../contract/units/units.ts';

const failure = (act: () => unknown): UnitError => {
  try {
    act();
  } catch (error) {
    if (error instanceof UnitError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('unit conversion', () => {
  // Factors: NIST Special Publication 811 (2008), appendix B; a bushel of barley is 48 lb (USDA AH-697).
  it.each([
    ['bu/acre', 'kg/ha', (48 * 0.45359237) / 0.40468564224],
    ['lb/acre', 'kg/ha', 0.45359237 / 0.40468564224],
    ['t/ha', 'kg/ha', 1000],
    ['g/m2', 'kg/ha', 10],
    ['km/h', 'm/s', 1 / 3.6],
    ['mph', 'm/s', 0.44704],
    ['in/day', 'mm/day', 25.4],
    ['W/m2', 'MJ/m2/day', 0.0864],
    ['kWh/m2/day', 'MJ/m2/day', 3.6],
    ['hPa', 'kPa', 0.1],
    ['ft', 'm', 0.3048],
    ['min', 'h', 1 / 60],
    ['rad', 'deg', 180 / Math.PI],
    ['1', '%', 100],
    ['MJ m-2 day-1', 'MJ/m2/day', 1],
    ['Mg/ha', 't/ha', 1],
  ])('converts 1 %s to %s', (from, to, expected) => {
    const actual = unitConverter(from, to, 'barley')(1);
    expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-8);
  });

  it('converts temperatures as points on their scales', () => {
    expect(unitConverter('degF', 'degC')(32)).toBeCloseTo(0, 10);
    expect(unitConverter('degC', 'K')(-273.15)).toBeCloseTo(0, 10);
    expect(unitConverter('°C', '°F')(100)).toBeCloseTo(212, 10);
  });

  it.each([
    ['celsius', 21.5],
    ['centigrade', 21.5],
    ['degC', 21.5],
    ['degC/1', 21.5],
    ['kelvin', 294.65],
    ['degK', 294.65],
    ['fahrenheit', 70.7],
    ['rankine', 530.37],
    ['tempC', 21.5],
  ])('takes a temperature in %s as a point on its scale', (unit, value) => {
    expect(unitConverter(unit, 'degC')(value)).toBeCloseTo(21.5, 9);
    expect(unitConverter('degC', unit)(21.5)).toBeCloseTo(value, 9);
  });

  it('comes back to the same number there and back, for every pair of units of mass per area', () => {
    const unit = fc.constantFrom('kg/ha', 't/ha', 'g/m2', 'lb/acre', 'bu/acre', 'kg/m2', 'bu[barley]/ha');
    fc.assert(
      fc.property(unit, unit, fc.double({ min: -1e9, max: 1e9, noNaN: true }), (from, to, value) => {
        const back = unitConverter(to, from, 'barley')(unitConverter(from, to, 'barley')(value));
        expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-9 + 1e-300);
      }),
    );
  });

  it('weighs a bushel by its commodity', () => {
    fc.assert(
      fc.property(fc.constantFrom<Commodity>(...COMMODITIES), (commodity) => {
        const pounds = unitConverter('bu/acre', 'lb/acre', commodity)(1);
        expect(pounds).toBeCloseTo(BUSHEL_POUNDS[commodity], 9);
      }),
    );
  });
});

describe('unit errors', () => {
  it('names the dimension it got, the one it wants and the units that would do', () => {
    const error = failure(() => converter(parseUnit('kPa'), parseUnit('kg/ha', 'barley')));
    expect(error.code).toBe('unit-dimension-mismatch');
    expect(error.message).toBe(
      '"kPa" measures pressure, but mass per area is expected. Send one of: kg/ha, bu/acre, t/ha, g/m2, lb/acre.',
    );
  });

  it('refuses a bushel of another commodity, with both weights', () => {
    const error = failure(() => parseUnit('bu[wheat]/acre', 'barley'));
    expect(error.code).toBe('commodity-mismatch');
    expect(error.message).toContain('a bushel of wheat (60 lb)');
    expect(error.message).toContain('barley (48 lb a bushel)');
    expect(error.message).toContain('Send "bu/acre"');
  });

  it.each(['bu_wheat/acre', 'bu(wheat)/acre', 'bu wheat/acre', 'bushels of wheat/acre', 'bu{Wheat}/acre'])(
    'reads %s as a bushel of wheat',
    (text) => expect(failure(() => parseUnit(text, 'barley')).code).toBe('commodity-mismatch'),
  );

  it('refuses a bushel of nothing', () => {
    expect(failure(() => parseUnit('bu/acre')).code).toBe('commodity-missing');
  });

  it.each([
    '',
    ' ',
    'bananas',
    '5 kg',
    'kg//ha',
    'kg/5',
    'bu[gold]/acre',
    'x'.repeat(10_000),
    '1e999',
    '__proto__',
  ])('does not know the unit %s', (text) =>
    expect(failure(() => parseUnit(text, 'barley')).code).toBe('unknown-unit'),
  );

  it('answers every text with a unit or a UnitError', () => {
    const alphabet = fc.constantFrom(...'kgha/bu[]mst2-^1 *.%°()'.split(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(alphabet).map((letters) => letters.join('')),
        ),
        (text) => {
          try {
            expect(parseUnit(text, 'barley').factor).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(UnitError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
