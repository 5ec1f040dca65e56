import Qty from 'js-quantities';
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

function dimensionOf(unit: Unit) {
  const quantity = Qty(1, unit.expression);
  return DIMENSIONS.find(({ units: [first = ''] }) => quantity.isCompatible(parseUnit(first).expression));
}

/** What a unit measures, in words, for example `mass per area`; its base units where it has no name here. */
export function dimensionName(unit: Unit): string {
  return dimensionOf(unit)?.name ?? `[${Qty(1, unit.expression).toBase().units()}]`;
}

/** The unit itself and others that measure the same. */
export function unitsLike(unit: Unit): readonly string[] {
  const bushel = unit.commodity === undefined ? [] : ['bu/acre'];
  return [...new Set([unit.text, ...bushel, ...(dimensionOf(unit)?.units ?? [])])];
}
