import { BASE_UNITS } from './unit-definitions.ts';
import { parseUnit, type Unit } from './unit-syntax.ts';

/** What is commonly measured in this field, with the units a client is most likely to have. */
const DIMENSIONS: readonly { readonly name: string; readonly units: readonly string[] }[] = [
  { name: 'mass per area', units: ['kg/ha', 't/ha', 'g/m2', 'lb/acre'] },
  { name: 'temperature', units: ['degC', 'degF', 'K'] },
  { name: 'speed', units: ['m/s', 'km/h', 'mph', 'knot', 'mm/day'] },
  { name: 'pressure', units: ['kPa', 'hPa', 'Pa', 'mmHg', 'bar'] },
  { name: 'power per area', units: ['W/m2', 'MJ/m2/day', 'kWh/m2/day'] },
  { name: 'length', units: ['m', 'mm', 'km', 'ft', 'in'] },
  { name: 'angle', units: ['deg', 'rad'] },
  { name: 'time', units: ['s', 'min', 'h', 'day'] },
  { name: 'mass', units: ['kg', 'g', 't', 'lb'] },
  { name: 'area', units: ['m2', 'ha', 'acre', 'km2'] },
  { name: 'volume', units: ['m3', 'l', 'gal'] },
  { name: 'energy', units: ['J', 'MJ', 'kWh'] },
  { name: 'power', units: ['W', 'kW'] },
  { name: 'a ratio', units: ['%', '1'] },
];

const KNOWN = DIMENSIONS.map(({ name, units }) => ({ name, units, like: parseUnit(units[0] ?? '1') }));

/** Bushels stand for masses: where one is asked for, they are likely to be what the client has. */
const BUSHEL_UNITS: ReadonlyMap<string, string> = new Map([
  ['mass', 'bu'],
  ['mass per area', 'bu/acre'],
]);

/** Whether two units measure the same. */
export function isAlike(left: Unit, right: Unit): boolean {
  return left.dimension.every((exponent, index) => exponent === right.dimension[index]);
}

function dimensionOf(unit: Unit) {
  return KNOWN.find(({ like }) => isAlike(unit, like));
}

/** What a unit measures, in words, for example `mass per area`; its base units where it has no name here. */
export function dimensionName(unit: Unit): string {
  return dimensionOf(unit)?.name ?? `[${baseUnits(unit)}]`;
}

/** The product of base units, as a unit that {@link parseUnit} reads: `kg m-3`. */
export function baseUnits({ dimension }: Unit): string {
  const factors = BASE_UNITS.flatMap((base, index) => {
    const exponent = dimension[index] ?? 0;
    if (exponent === 0) return [];
    return [exponent === 1 ? base : `${base}${exponent}`];
  });
  return factors.join(' ') || '1';
}

/** The unit itself and others that measure the same. */
export function unitsLike(unit: Unit): readonly string[] {
  const known = dimensionOf(unit);
  const bushel = unit.commodity === undefined ? undefined : BUSHEL_UNITS.get(known?.name ?? '');
  return [...new Set([unit.text, ...(bushel === undefined ? [] : [bushel]), ...(known?.units ?? [])])];
}
