import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AMBIGUOUS, BASE_UNITS, UNIT_DEFINITIONS } from '../../../contract/units/unit-definitions.ts';
import { acceptedNames, unitNamed } from '../../../contract/units/unit-names.ts';
import { factorOf } from '../../../contract/units/unit-scale.ts';
import { parseUnit, UnitError } from '../../../contract/units/unit-syntax.ts';

/** What pint says of a unit, as far as it says it. */
interface Row {
  readonly factor: number;
  /** Exponents by the base unit's symbol. */
  readonly dimension: ReadonlyMap<string, number>;
  /** Of a temperature, in kelvin. */
  readonly zero: number;
}

/** By name; `oracle/pint-units.py` wrote it. */
const oracle: ReadonlyMap<string, Row> = new Map(
  readFileSync(join(import.meta.dirname, 'oracle/units.tsv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) => {
      const [name = '', factor, dimension = '', zero] = line.split('\t');
      const exponents = [...dimension.matchAll(/([A-Za-z]+)(-?\d+)/g)].map(
        ([, base = '', exponent]) => [base, Number(exponent)] as const,
      );
      const row = { factor: Number(factor), dimension: new Map(exponents), zero: Number(zero || Number.NaN) };
      return [name, row] as const;
    }),
);

/** Roundings of pint's own: it computes with numbers, where we have fractions. */
const TOLERANCE = 1e-12;

const ANGLE = BASE_UNITS.indexOf('rad');

const differs = (actual: number, expected: number) => Math.abs(actual / expected - 1) > TOLERANCE;

describe('every unit that is understood, with every prefix', () => {
  const names = acceptedNames();

  it('is in the table of the independent source, and the table has no others', () => {
    expect(names.map(({ name }) => name).sort()).toEqual([...oracle.keys()].sort());
    expect(names.length).toBeGreaterThan(1500);
  });

  it('is as large there as here', () => {
    const wrong = names.flatMap(({ name }) => {
      const here = unitNamed(name);
      const there = oracle.get(name);
      if (here === undefined || there === undefined) return [`${name} is missing`];
      const factor = factorOf(here.scale);
      return differs(factor, there.factor) ? [`${name}: ${factor}, there ${there.factor}`] : [];
    });

    expect(wrong).toEqual([]);
  });

  it('measures the same there as here, apart from angles, which are ratios there', () => {
    const wrong = names.filter(({ name }) => {
      const there = BASE_UNITS.map((base) => oracle.get(name)?.dimension.get(base) ?? 0);
      const here = unitNamed(name)?.definition.dimension.with(ANGLE, 0);
      return JSON.stringify(here) !== JSON.stringify(there);
    });

    expect(wrong).toEqual([]);
  });

  it('has its zero there where it has it here, if it is a temperature', () => {
    const temperatures = UNIT_DEFINITIONS.filter(({ zero }) => zero !== undefined);
    const wrong = temperatures.flatMap(({ symbols, names: own, zero = 0, scale }) =>
      [...symbols, ...own].filter((name) => {
        const there = oracle.get(name)?.zero ?? Number.NaN;
        return !(Math.abs((zero / 100) * factorOf(scale) - there) < 1e-9);
      }),
    );

    expect(temperatures).toHaveLength(5);
    expect(wrong).toEqual([]);
  });

  it('is found by its name alone: no name is taken for another unit with a prefix', () => {
    const wrong = names.filter(({ name, prefix, unit }) => {
      const found = unitNamed(name)?.definition;
      const isOwn = found !== undefined && [...found.symbols, ...found.names].includes(unit);
      return !isOwn || unitNamed(name)?.isPrefixed !== (prefix !== '');
    });

    expect(wrong).toEqual([]);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });
});

describe('a name that readers take for different units', () => {
  it.each([...AMBIGUOUS])('is refused: %s', (name, reason) => {
    expect(() => parseUnit(`${name}/ha`)).toThrow(UnitError);
    expect(() => parseUnit(`${name}/ha`)).toThrow(reason);
  });

  it.each([...AMBIGUOUS])('is answered with units that are understood: %s', (_, reason) => {
    const suggested = [...reason.matchAll(/"([^"]+)"/g)].map(([, unit = '']) => unit);

    expect(suggested.length).toBeGreaterThan(0);
    for (const unit of suggested) expect(parseUnit(unit).factor).toBeGreaterThan(0);
  });
});
