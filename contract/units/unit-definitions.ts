import { readUnit } from './unit-grammar.ts';
import { power, type Scale, scaleOf, times } from './unit-scale.ts';

/**
 * The units of which all others are products: those of the SI, the radian, so that an angle is no ratio, and the bit.
 */
export const BASE_UNITS: readonly string[] = ['kg', 'm', 's', 'A', 'K', 'mol', 'cd', 'rad', 'bit'];

/** The exponent of each of {@link BASE_UNITS}: kg/m2 is 1, -2 and zeros. */
export type Dimension = readonly number[];

export const DIMENSIONLESS: Dimension = BASE_UNITS.map(() => 0);

/** What names mean. */
export interface UnitDefinition {
  /** Take the symbols of prefixes: `kPa`. */
  readonly symbols: readonly string[];
  /** Take the names of prefixes: `kilopascal`. */
  readonly names: readonly string[];
  /** Symbols of the prefixes that are used with this unit; most units of custom have none. */
  readonly prefixes: readonly string[];
  /** How many of the base units' product make one. */
  readonly scale: Scale;
  readonly dimension: Dimension;
  /** Of a temperature: how far its zero lies above absolute zero, in hundredths of its own degree. */
  readonly zero?: number;
}

/** Prefixes of the SI (BIPM, The International System of Units, 9th edition, table 7): symbols, name and power of ten. */
export const PREFIXES: readonly {
  readonly symbols: readonly string[];
  readonly name: string;
  readonly decimal: number;
}[] = [
  ['Y', 'yotta', 24],
  ['Z', 'zetta', 21],
  ['E', 'exa', 18],
  ['P', 'peta', 15],
  ['T', 'tera', 12],
  ['G', 'giga', 9],
  ['M', 'mega', 6],
  ['k', 'kilo', 3],
  ['h', 'hecto', 2],
  ['da', 'deca', 1],
  ['d', 'deci', -1],
  ['c', 'centi', -2],
  ['m', 'milli', -3],
  ['μ', 'micro', -6],
  ['n', 'nano', -9],
  ['p', 'pico', -12],
  ['f', 'femto', -15],
  ['a', 'atto', -18],
  ['z', 'zepto', -21],
  ['y', 'yocto', -24],
].map(([symbol, name, decimal]) => ({
  symbols: symbol === 'μ' ? ['μ', 'u'] : [String(symbol)],
  name: String(name),
  decimal: Number(decimal),
}));

const EVERY_PREFIX = PREFIXES.map(({ symbols: [symbol = ''] }) => symbol).join(' ');

interface Row {
  readonly symbols?: string;
  readonly names?: string;
  readonly prefixes?: string;
  /** The unit is `value / per × π^pi` of `of`, whose default is 1. */
  readonly of: string;
  readonly value?: number;
  readonly per?: number;
  readonly pi?: number;
  readonly zero?: number;
}

/**
 * Every unit. The SI's own and those used with it are defined by the BIPM's brochure (9th edition, 2019), customary ones by
 * the international yard and pound (1959) and NIST Special Publication 811 (2008), appendix B; the litre, the gallon
 * and its parts are exact by these. An acre is 4840 square yards: that of the survey foot, which NIST gave up in 2022,
 * is larger by 4 parts in a million.
 */
const ROWS: readonly Row[] = [
  // Base units: `of` names themselves.
  { symbols: 'g', names: 'gram grams', prefixes: EVERY_PREFIX, value: 0.001, of: 'kg' },
  { symbols: 'm', names: 'meter meters metre metres', prefixes: EVERY_PREFIX, of: 'm' },
  { symbols: 's', names: 'second seconds', prefixes: EVERY_PREFIX, of: 's' },
  { symbols: 'A', names: 'ampere amperes', prefixes: EVERY_PREFIX, of: 'A' },
  { symbols: 'K', names: 'kelvin', prefixes: EVERY_PREFIX, of: 'K', zero: 0 },
  { symbols: 'mol', names: 'mole moles', prefixes: EVERY_PREFIX, of: 'mol' },
  { symbols: 'cd', names: 'candela candelas', prefixes: EVERY_PREFIX, of: 'cd' },
  { symbols: 'rad', names: 'radian radians', prefixes: 'm μ n', of: 'rad' },
  { symbols: 'bit', names: 'bits', prefixes: 'k M G T P', of: 'bit' },

  // Temperatures.
  { names: 'degK tempK', of: 'K', zero: 0 },
  { names: 'degC °C celsius centigrade tempC', of: 'K', zero: 27_315 },
  { names: 'degF °F fahrenheit tempF', value: 5, per: 9, of: 'K', zero: 45_967 },
  { names: 'degR rankine', value: 5, per: 9, of: 'K', zero: 0 },

  // Length.
  { names: 'in inch inches', value: 0.0254, of: 'm' },
  { names: 'ft foot feet', value: 0.3048, of: 'm' },
  { names: 'yd yard yards', value: 0.9144, of: 'm' },
  { names: 'mi mile miles', value: 1760, of: 'yd' },
  { names: 'nmi nautical_mile nautical_miles', value: 1852, of: 'm' },
  { symbols: 'Å', names: 'angstrom angstroms', value: 1e-10, of: 'm' },

  // Area.
  { names: 'are ares', value: 100, of: 'm2' },
  { names: 'ha hectare hectares', value: 10_000, of: 'm2' },
  { names: 'acre acres ac', value: 4840, of: 'yd2' },
  { names: 'sqm', of: 'm2' },
  { names: 'sqkm', of: 'km2' },
  { names: 'sqin', of: 'in2' },
  { names: 'sqft', of: 'ft2' },
  { names: 'sqyd', of: 'yd2' },
  { names: 'sqmi', of: 'mi2' },

  // Volume: the United States' liquid measures, unless they say imperial.
  { symbols: 'l L', names: 'liter liters litre litres', prefixes: 'M k h da d c m μ n', of: 'dm3' },
  { names: 'cuft', of: 'ft3' },
  { names: 'gal gallon gallons', value: 231, of: 'in3' },
  { names: 'qt quart quarts', per: 4, of: 'gal' },
  { names: 'pt pint pints', per: 8, of: 'gal' },
  { names: 'floz fl_oz fluid_ounce fluid_ounces', per: 128, of: 'gal' },
  { names: 'imperial_gallon imperial_gallons', value: 4.54609, of: 'l' },

  // Mass.
  { symbols: 't', names: 'tonne tonnes', prefixes: 'M k d G', value: 1000, of: 'kg' },
  { names: 'metric_ton metric_tons', value: 1000, of: 'kg' },
  { names: 'q quintal quintals', value: 100, of: 'kg' },
  { names: 'lb lbs pound pounds', value: 0.45359237, of: 'kg' },
  { names: 'oz ounce ounces', per: 16, of: 'lb' },
  { names: 'grain grains', per: 7000, of: 'lb' },
  { names: 'stone stones', value: 14, of: 'lb' },
  { names: 'short_hundredweight', value: 100, of: 'lb' },
  { names: 'long_hundredweight', value: 112, of: 'lb' },
  { names: 'short_ton short_tons', value: 2000, of: 'lb' },
  { names: 'long_ton long_tons', value: 2240, of: 'lb' },

  // Time. A year is that of Julius Caesar, as astronomy has it.
  { names: 'min mins minute minutes', value: 60, of: 's' },
  { names: 'h hr hrs hour hours', value: 3600, of: 's' },
  { names: 'd day days', value: 86_400, of: 's' },
  { names: 'wk week weeks', value: 7, of: 'day' },
  { names: 'yr y year years', value: 365.25, of: 'day' },

  // Speed and frequency.
  { names: 'kph kmh', of: 'km/h' },
  { names: 'mph', of: 'mi/h' },
  { names: 'kn kts knot knots', of: 'nmi/h' },
  { symbols: 'Hz', names: 'hertz', prefixes: EVERY_PREFIX, of: '1/s' },
  { symbols: 'Bq', names: 'becquerel becquerels', prefixes: EVERY_PREFIX, of: '1/s' },

  // Angle.
  { names: 'deg degree degrees °', pi: 1, per: 180, of: 'rad' },
  { names: 'arcmin arcminute arcminutes', per: 60, of: 'deg' },
  { names: 'arcsec arcsecond arcseconds', per: 3600, of: 'deg' },
  { names: 'gon grad', pi: 1, per: 200, of: 'rad' },
  { names: 'turn revolution revolutions', value: 360, of: 'deg' },
  { names: 'rpm', of: 'turn/min' },
  { symbols: 'sr', names: 'steradian steradians', of: 'rad2' },

  // Force and pressure. A column of mercury or of water by its conventional density, NIST SP 811, B.8.
  { symbols: 'N', names: 'newton newtons', prefixes: EVERY_PREFIX, of: 'kg m/s2' },
  { names: 'lbf', value: 9.80665, of: 'lb m/s2' },
  { names: 'kgf', value: 9.80665, of: 'kg m/s2' },
  { symbols: 'Pa', names: 'pascal pascals', prefixes: EVERY_PREFIX, of: 'N/m2' },
  { symbols: 'bar', names: 'bars', prefixes: 'k d c m μ', value: 100_000, of: 'Pa' },
  { names: 'atm atmosphere atmospheres', value: 101_325, of: 'Pa' },
  { names: 'torr', per: 760, of: 'atm' },
  { names: 'psi', of: 'lbf/in2' },
  { names: 'mmHg', value: 133.322387415, of: 'Pa' },
  { names: 'inHg', value: 25.4, of: 'mmHg' },
  { names: 'mmH2O', value: 9.80665, of: 'Pa' },
  { names: 'cmH2O', value: 10, of: 'mmH2O' },
  { names: 'inH2O', value: 25.4, of: 'mmH2O' },

  // Energy and power. The calorie is the thermochemical one, the Btu that of the International Table.
  { symbols: 'J', names: 'joule joules', prefixes: EVERY_PREFIX, of: 'N m' },
  { symbols: 'W', names: 'watt watts', prefixes: EVERY_PREFIX, of: 'J/s' },
  { symbols: 'Wh', prefixes: 'T G M k m', of: 'W h' },
  { symbols: 'cal', names: 'calorie calories', prefixes: 'M k', value: 4.184, of: 'J' },
  { names: 'Btu BTU btu', value: 1055.05585262, of: 'J' },
  {
    symbols: 'eV',
    names: 'electronvolt electronvolts',
    prefixes: 'm k M G T',
    value: 1.602176634e-19,
    of: 'J',
  },

  // Electricity.
  { symbols: 'C', names: 'coulomb coulombs', prefixes: EVERY_PREFIX, of: 'A s' },
  { symbols: 'Ah', prefixes: 'k m', of: 'A h' },
  { symbols: 'V', names: 'volt volts', prefixes: EVERY_PREFIX, of: 'W/A' },
  { symbols: 'F', names: 'farad farads', prefixes: EVERY_PREFIX, of: 'C/V' },
  { symbols: 'Ω ohm', names: 'ohms', prefixes: EVERY_PREFIX, of: 'V/A' },
  { symbols: 'S', names: 'siemens', prefixes: EVERY_PREFIX, of: 'A/V' },
  { symbols: 'Wb', names: 'weber webers', prefixes: EVERY_PREFIX, of: 'V s' },
  { symbols: 'T', names: 'tesla teslas', prefixes: EVERY_PREFIX, of: 'Wb/m2' },
  { symbols: 'H', names: 'henry', prefixes: EVERY_PREFIX, of: 'Wb/A' },

  // Light, radiation and substance.
  { symbols: 'lm', names: 'lumen lumens', prefixes: EVERY_PREFIX, of: 'cd sr' },
  { symbols: 'lx', names: 'lux', prefixes: EVERY_PREFIX, of: 'lm/m2' },
  { symbols: 'Gy', names: 'gray grays', prefixes: EVERY_PREFIX, of: 'J/kg' },
  { symbols: 'Sv', names: 'sievert sieverts', prefixes: EVERY_PREFIX, of: 'J/kg' },
  { symbols: 'kat', names: 'katal', prefixes: EVERY_PREFIX, of: 'mol/s' },
  { symbols: 'M', names: 'molar', prefixes: 'm μ n p', of: 'mol/l' },

  // Ratios.
  { names: '% percent', per: 100, of: '1' },
  { names: '‰ permille', per: 1000, of: '1' },
  { names: 'ppm', value: 1e-6, of: '1' },
  { names: 'ppb', value: 1e-9, of: '1' },

  // Information.
  { symbols: 'B', names: 'byte bytes', prefixes: 'k M G T P', value: 8, of: 'bit' },
];

/** Names that readers take for different units, each with what to write instead, as the end of a sentence. */
export const AMBIGUOUS: ReadonlyMap<string, string> = new Map(
  [
    ['mt MT', 'may be a metric ton, or a prefix and a unit: write "t" for 1,000 kg'],
    [
      'ton tons tn',
      'may be a metric, a short or a long ton: write "t" for 1,000 kg, "short_ton" for 2,000 lb or "long_ton" for 2,240 lb',
    ],
    ['kt', 'may be a knot or a kilotonne: write "knot" or "Gg"'],
    ['cwt hundredweight', 'may be 100 lb or 112 lb: write "short_hundredweight" or "long_hundredweight"'],
    ['gr', 'may be a gram or a grain: write "g" or "grain"'],
    ['a', 'may be a year or an are: write "year" or "are"'],
    ['Cal Calorie Calories', 'is a kilocalorie to some: write "kcal" or "cal"'],
    ['hp horsepower', 'may be 735.5 W or 745.7 W: write "kW"'],
    ['bbl barrel barrels', 'differs by what it holds: write "l" or "gal"'],
    ['ppt', 'may be parts in a thousand or in 10^12: write "permille" or "ppb"'],
    ['month months', 'has 28 to 31 days: write "day" or "year"'],
  ].flatMap(([names = '', reason = '']) => names.split(' ').map((name) => [name, reason] as const)),
);

/** Every definition, in an order where each needs only those before it. */
export const UNIT_DEFINITIONS: readonly UnitDefinition[] = defineAll();

function defineAll(): readonly UnitDefinition[] {
  const definitions: UnitDefinition[] = [];
  const known = new Map<string, UnitDefinition>();
  for (const { symbols, names, prefixes, of, value = 1, per = 1, pi = 0, zero } of ROWS) {
    const base = productOf(of, known);
    const definition = {
      symbols: words(symbols),
      names: words(names),
      prefixes: words(prefixes),
      scale: times(base.scale, { ...scaleOf(value), denominator: per, pi }),
      dimension: base.dimension,
      ...(zero === undefined ? {} : { zero }),
    };
    definitions.push(definition);
    for (const word of [...definition.symbols, ...definition.names]) known.set(word, definition);
  }
  return definitions;
}

function words(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(' ');
}

/** What a row is made of: base units, or units with or without a prefix that stand above it. */
function productOf(text: string, known: ReadonlyMap<string, UnitDefinition>) {
  let scale = scaleOf(1);
  let dimension = DIMENSIONLESS;
  for (const { name, exponent } of readUnit(text)) {
    const unit = baseUnit(name) ?? definedAbove(name, known);
    scale = times(scale, power(unit.scale, exponent));
    dimension = combined(dimension, unit.dimension, exponent);
  }
  return { scale, dimension };
}

/** The dimension of a product: `left` and `right` to the power of `exponent`. */
export function combined(left: Dimension, right: Dimension, exponent: number): Dimension {
  return left.map((own, index) => own + (right[index] ?? 0) * exponent);
}

function baseUnit(name: string): Pick<UnitDefinition, 'scale' | 'dimension'> | undefined {
  const index = BASE_UNITS.indexOf(name);
  if (index < 0) return undefined;
  return { scale: scaleOf(1), dimension: BASE_UNITS.map((_, position) => (position === index ? 1 : 0)) };
}

function definedAbove(
  name: string,
  known: ReadonlyMap<string, UnitDefinition>,
): Pick<UnitDefinition, 'scale' | 'dimension'> {
  const unit = known.get(name);
  if (unit !== undefined) return unit;
  for (const { symbols, decimal } of PREFIXES) {
    const [symbol = ''] = symbols;
    const prefixable = name.startsWith(symbol) ? known.get(name.slice(symbol.length)) : undefined;
    if (prefixable?.prefixes.includes(symbol)) {
      return { ...prefixable, scale: prefixed(prefixable.scale, decimal) };
    }
  }
  throw new Error(`The unit ${name} is used before it is defined`);
}

/** A scale times a power of ten. */
export function prefixed(scale: Scale, decimal: number): Scale {
  return { ...scale, decimal: scale.decimal + decimal };
}
