import Qty from 'js-quantities';
import { BUSHEL_POUNDS, COMMODITIES, type Commodity, commodityNamed } from './bushels.ts';

/** What can be wrong with a unit: each is an `errors[].code` of a problem. */
export const UNIT_ERROR_CODES = [
  'unknown-unit',
  'unit-dimension-mismatch',
  'commodity-missing',
  'commodity-mismatch',
] as const;

export type UnitErrorCode = (typeof UNIT_ERROR_CODES)[number];

/** A unit that can't be read or can't be converted; the message says what to send instead. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
  readonly code: UnitErrorCode;

  constructor(code: UnitErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A unit as written, understood. */
export interface Unit {
  /** As it was written, without surrounding white space. */
  readonly text: string;
  /** What the units library reads; bushels are replaced by pounds. */
  readonly expression: string;
  /** How many of `expression` make one of `text`: a bushel's weight in pounds, otherwise 1. */
  readonly factor: number;
  /** What a bushel is a bushel of, where the quantity has a commodity. */
  readonly commodity: Commodity | undefined;
}

/** Symbols of agronomy and of the SI that the units library knows by another name. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ha: 'hectare',
    Mg: 'tonne',
    t: 'tonne',
    K: 'degK',
    '°C': 'degC',
    '°F': 'degF',
    '°': 'deg',
  }),
);

/**
 * A temperature that stands alone is a point on a scale with an offset, not a difference: by the units library's own
 * name of the difference, which is the same for every spelling of it.
 */
const TEMPERATURE_SCALES: ReadonlyMap<string, string> = new Map([
  ['degC', 'tempC'],
  ['degF', 'tempF'],
  ['degK', 'tempK'],
  ['degR', 'tempR'],
]);

const BUSHEL = /^(?:bushels?|bsh|bu)(?:\s+of\s+|[\s_[({]*)([A-Za-z]*)[\])}]?$/;

/** Longer texts are no unit; the bound keeps hostile input away from the parser. */
const MAX_UNIT_LENGTH = 64;

/**
 * Reads a unit such as `kg/ha`, `MJ/m2/day` or `bu/acre`. A bushel is a bushel of `commodity` unless it names its own,
 * as in `bu[barley]/acre`.
 * @throws {UnitError} `unknown-unit`; `commodity-missing` for a bushel of nothing; `commodity-mismatch` for a bushel of
 * something else than `commodity`.
 */
export function parseUnit(text: string, commodity?: Commodity): Unit {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_UNIT_LENGTH) throw unknownUnit(text);
  let factor = 1;
  const terms = trimmed.split('/').map((term, index) => {
    const bushel = BUSHEL.exec(term.trim());
    if (bushel === null) return expand(term.trim(), text);
    const weight = BUSHEL_POUNDS[bushelCommodity(bushel[1] ?? '', commodity, trimmed)];
    factor = index === 0 ? factor * weight : factor / weight;
    return 'lb';
  });
  const expression = scaleOf(parsed(joinTerms(terms), text), joinTerms(terms), text);
  return { text: trimmed, expression, factor, commodity };
}

function bushelCommodity(named: string, declared: Commodity | undefined, text: string): Commodity {
  if (named === '') {
    if (declared !== undefined) return declared;
    throw new UnitError(
      'commodity-missing',
      `"${text}" is a bushel of an unnamed commodity, and bushels weigh by commodity. Use a unit of mass, such as kg or lb.`,
    );
  }
  const commodity = commodityNamed(named);
  if (commodity === undefined) {
    throw new UnitError(
      'unknown-unit',
      `No legal bushel weight is known for "${named}". Bushels are known for: ${COMMODITIES.join(', ')}.`,
    );
  }
  if (declared !== undefined && commodity !== declared) {
    throw new UnitError(
      'commodity-mismatch',
      `"${text}" is a bushel of ${commodity} (${BUSHEL_POUNDS[commodity]} lb), but this is a quantity of ${declared} (${BUSHEL_POUNDS[declared]} lb a bushel). Send "${text.replace(/bu[^/]*/, 'bu')}" for bushels of ${declared}, or a unit of mass.`,
    );
  }
  return commodity;
}

/** Expands the aliases in one term between slashes, which may be a product: `kg`, `m2`, `kPa h`. */
function expand(term: string, text: string): string {
  if (term === '1') return '1';
  if (/^[\d.+-]/.test(term) || term === '') throw unknownUnit(text);
  return term
    .split(/[\s*·]+/)
    .map((symbol) => {
      const parts = /^(.*?)(\^?-?\d*)$/.exec(symbol);
      const [base, exponent] = [parts?.[1] ?? symbol, parts?.[2] ?? ''];
      return `${ALIASES.get(base) ?? base}${exponent}`;
    })
    .join('*');
}

/** `a/b/c` is a divided by b and by c. */
function joinTerms(terms: readonly string[]): string {
  const [first = '1', ...denominators] = terms;
  if (denominators.length === 0) return first === '1' ? '' : first;
  return `${first}/${denominators.join('*')}`;
}

function parsed(expression: string, text: string): Qty {
  let quantity: Qty;
  try {
    quantity = Qty(1, expression);
  } catch {
    throw unknownUnit(text);
  }
  if (quantity.scalar !== 1) throw unknownUnit(text);
  return quantity;
}

/** The expression itself, or the scale that a temperature is a point on; other temperatures, as mK, are not taken. */
function scaleOf(quantity: Qty, expression: string, text: string): string {
  if (quantity.kind() !== 'temperature') return expression;
  const name = quantity.units();
  const scale =
    TEMPERATURE_SCALES.get(name) ?? [...TEMPERATURE_SCALES.values()].find((known) => known === name);
  if (scale === undefined) throw unknownUnit(text);
  return scale;
}

function unknownUnit(text: string): UnitError {
  const shown = text.length > MAX_UNIT_LENGTH ? `${text.slice(0, MAX_UNIT_LENGTH)}…` : text;
  return new UnitError('unknown-unit', `"${shown}" is not a known unit.`);
}
