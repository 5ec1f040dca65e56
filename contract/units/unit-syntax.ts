import { BUSHEL_POUNDS, COMMODITIES, type Commodity, commodityNamed } from './bushels.ts';
import { AMBIGUOUS, combined, DIMENSIONLESS, type Dimension } from './unit-definitions.ts';
import { BUSHELS, readUnit, type UnitFactor, UnitSyntaxError } from './unit-grammar.ts';
import { type NamedUnit, unitNamed } from './unit-names.ts';
import { factorOf, isConvertible, ONE, power, type Scale, scaleOf, times } from './unit-scale.ts';

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
  /** What it measures, as exponents of the base units. */
  readonly dimension: Dimension;
  /** How many of the base units' product make one, without rounding. */
  readonly scale: Scale;
  /** The same as a number. */
  readonly factor: number;
  /**
   * Of a temperature, which is a point on a scale and not a difference: how far the zero of its scale lies above absolute
   * zero, in hundredths of its own degree.
   */
  readonly zero: number | undefined;
  /** What a bushel is a bushel of, where the quantity has a commodity. */
  readonly commodity: Commodity | undefined;
}

/** Longer texts are no unit. */
const MAX_UNIT_LENGTH = 64;

/**
 * Reads a unit such as `kg/ha`, `MJ m-2 day-1` or `bu/acre`. A bushel is a bushel of `commodity` unless it names its own,
 * as in `bu[barley]/acre`.
 * @throws {UnitError} `unknown-unit`; `commodity-missing` for a bushel of nothing; `commodity-mismatch` for a bushel of
 * something else than `commodity`.
 */
export function parseUnit(text: string, commodity?: Commodity): Unit {
  // Before anything else is done with it: a text may be as long as a request.
  if (text.length > 2 * MAX_UNIT_LENGTH)
    throw unknownUnit(text, `A unit has at most ${MAX_UNIT_LENGTH} characters.`);
  const trimmed = text.trim();
  if (trimmed === '') throw unknownUnit(text, 'A unit without a name is "1".');
  if (trimmed.length > MAX_UNIT_LENGTH) {
    throw unknownUnit(trimmed, `A unit has at most ${MAX_UNIT_LENGTH} characters.`);
  }
  const factors = factorsOf(trimmed).map((factor) => ({
    ...factor,
    unit: BUSHELS.has(factor.name) ? bushel(factor, commodity, trimmed) : named(factor, trimmed),
  }));
  let scale = ONE;
  let dimension = DIMENSIONLESS;
  for (const { unit, exponent } of factors) {
    scale = times(scale, power(unit.scale, exponent));
    dimension = combined(dimension, unit.definition.dimension, exponent);
  }
  if (!isConvertible(scale)) throw unknownUnit(trimmed, 'It is too large or too small to be converted.');
  const [only] = factors.length === 1 ? factors : [];
  const isTemperature = dimension.every((exponent, index) => exponent === KELVIN[index]);
  if (isTemperature && (only === undefined || only.unit.isPrefixed)) {
    throw unknownUnit(trimmed, 'A temperature is a point on a scale, such as degC, degF or K.');
  }
  const zero = isTemperature ? only?.unit.definition.zero : undefined;
  return { text: trimmed, dimension, scale, factor: factorOf(scale), zero, commodity };
}

const KELVIN: Dimension = requiredUnit('K').definition.dimension;
const POUND: NamedUnit = requiredUnit('lb');

function requiredUnit(name: string): NamedUnit {
  const unit = unitNamed(name);
  if (unit === undefined) throw new Error(`No unit ${name} is defined`);
  return unit;
}

function factorsOf(text: string): readonly UnitFactor[] {
  try {
    return readUnit(text);
  } catch (error) {
    if (!(error instanceof UnitSyntaxError)) throw error;
    throw unknownUnit(text, error.message);
  }
}

function named({ name }: UnitFactor, text: string): NamedUnit {
  const ambiguity = AMBIGUOUS.get(name);
  if (ambiguity !== undefined) throw unknownUnit(text, `"${name}" ${ambiguity}.`);
  const unit = unitNamed(name);
  if (unit === undefined) throw unknownUnit(text, name === text ? '' : `No unit is called "${name}".`);
  return unit;
}

/** A bushel as the mass it stands for. */
function bushel(factor: UnitFactor, declared: Commodity | undefined, text: string): NamedUnit {
  const weight = BUSHEL_POUNDS[bushelCommodity(factor, declared, text)];
  return { ...POUND, scale: times(POUND.scale, scaleOf(weight)) };
}

function bushelCommodity(
  { commodity: name, start, end }: UnitFactor,
  declared: Commodity | undefined,
  text: string,
): Commodity {
  if (name === undefined) {
    if (declared !== undefined) return declared;
    throw new UnitError(
      'commodity-missing',
      `"${text}" is a bushel of an unnamed commodity, and bushels weigh by commodity. In its place, use a unit of mass, such as kg or lb.`,
    );
  }
  const commodity = commodityNamed(name);
  if (commodity === undefined) {
    throw new UnitError(
      'unknown-unit',
      `No legal bushel weight is known for "${name}". Bushels are known for: ${COMMODITIES.join(', ')}.`,
    );
  }
  if (declared !== undefined && commodity !== declared) {
    throw new UnitError(
      'commodity-mismatch',
      `"${text}" is a bushel of ${commodity} (${BUSHEL_POUNDS[commodity]} lb), but this is a quantity of ${declared} (${BUSHEL_POUNDS[declared]} lb a bushel). Send "${text.slice(0, start)}bu${text.slice(end)}" for bushels of ${declared}, or a unit of mass.`,
    );
  }
  return commodity;
}

function unknownUnit(text: string, reason = ''): UnitError {
  // Without the half of a character that a cut may leave.
  const start = text.slice(0, MAX_UNIT_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  const shown = text.length > MAX_UNIT_LENGTH ? `${start}…` : text;
  return new UnitError('unknown-unit', `"${shown}" is not a known unit.${reason === '' ? '' : ` ${reason}`}`);
}
