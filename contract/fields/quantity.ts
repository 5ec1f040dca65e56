import { z } from 'zod';
import type { ItemCode } from '../problems/problems.ts';
import type { Commodity } from '../units/bushels.ts';
import { unitsLike } from '../units/dimensions.ts';
import { parseUnit, type Unit, UnitError } from '../units/unit-syntax.ts';
import { converter } from '../units/units.ts';

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export interface QuantityOptions extends Bounds {
  /** What the number is, for the API's documentation. */
  readonly description: string;
  /** A typical value, in the declared unit. */
  readonly example: number;
  /** Where the training data lie, in the declared unit. Outside of it a value is served, flagged and counted as drift. */
  readonly expected?: Bounds;
  /** What a bushel is a bushel of. Without it, bushels are refused. */
  readonly commodity?: Commodity;
}

/** What {@link quantity} declared: the options, with the unit understood. */
export interface QuantityDeclaration extends QuantityOptions {
  readonly unit: Unit;
  /** What is wrong with the declaration itself; {@link defineModel} tells it with the field's name. */
  readonly problems: readonly string[];
}

/** What a client may send for a quantity. */
export type QuantityInput = number | { readonly value: number; readonly unit: string };

/** A field that holds a quantity: parsing answers a number in the declared unit. */
export type QuantitySchema = z.ZodType<number, QuantityInput>;

const declarations = new WeakMap<z.core.$ZodType, QuantityDeclaration>();

/**
 * A physical quantity in `unit`. Clients send a bare number in that unit, or `{ value, unit }` in any unit of the same
 * dimension. `min` and `max` are hard bounds (rejected outside); `expected` bounds only warn.
 * A declaration that is wrong, such as an unknown unit or a bushel without a commodity, is told when the model is defined,
 * together with everything else that is wrong with it.
 */
export function quantity(unit: string, options: QuantityOptions): QuantitySchema {
  const declaration = declare(unit, options);
  const schema = z
    .unknown()
    .transform((input, context) => {
      const result = readQuantity(declaration, input);
      if (typeof result === 'number') return result;
      context.addIssue({
        code: 'custom',
        message: result.detail,
        path: [...result.path],
        params: { problem: result.code },
        continue: false,
      });
      return z.NEVER;
    })
    .meta({ description: options.description, examples: [options.example] }) as unknown as QuantitySchema;
  declarations.set(schema, declaration);
  return schema;
}

function declare(text: string, options: QuantityOptions): QuantityDeclaration {
  try {
    return { ...options, unit: parseUnit(text, options.commodity), problems: boundsProblems(options) };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { ...options, unit: parseUnit('1'), problems: [error.message, ...boundsProblems(options)] };
  }
}

function boundsProblems({ min, max, expected = {} }: QuantityOptions): string[] {
  const problems: string[] = [];
  const above = (low: number | undefined, high: number | undefined) =>
    low !== undefined && high !== undefined && low > high;
  if (above(min, max)) problems.push(`min (${min}) is greater than max (${max})`);
  if (above(expected.min, expected.max)) {
    problems.push(`expected.min (${expected.min}) is greater than expected.max (${expected.max})`);
  }
  if (above(min, expected.min)) problems.push(`expected.min (${expected.min}) is below min (${min})`);
  if (above(expected.max, max)) problems.push(`expected.max (${expected.max}) is above max (${max})`);
  return problems;
}

/** The declaration behind a field, looking through `.optional()`, `.default()` and the like; undefined for other fields. */
export function quantityDeclaration(schema: z.core.$ZodType): QuantityDeclaration | undefined {
  const found = declarations.get(schema);
  if (found !== undefined) return found;
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType === undefined ? undefined : quantityDeclaration(innerType);
}

/** Why an input is not this quantity. */
interface QuantityProblem {
  readonly code: ItemCode;
  readonly detail: string;
  /** Below the field itself, for example `['unit']`. */
  readonly path: readonly string[];
}

function readQuantity(declaration: QuantityDeclaration, input: unknown): number | QuantityProblem {
  const { unit, example } = declaration;
  const sample = `${example} (in ${unit.text}) or {"value": ${example}, "unit": "${unit.text}"}`;
  if (input === undefined)
    return { code: 'missing-field', path: [], detail: `Required. Send a quantity: ${sample}.` };
  if (typeof input === 'number') return withinBounds(declaration, input, finite(input, []));
  if (typeof input === 'string') return stringProblem(input, [], sample);
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    return { code: 'wrong-type', path: [], detail: `Got ${typeName(input)}. Send a quantity: ${sample}.` };
  }
  const unexpected = Object.keys(input).find((key) => key !== 'value' && key !== 'unit');
  if (unexpected !== undefined) {
    return {
      code: 'unknown-field',
      path: [unexpected],
      detail: `A quantity has "value" and "unit" only. Send ${sample}.`,
    };
  }
  const { value, unit: given } = input as { value?: unknown; unit?: unknown };
  if (value === undefined)
    return { code: 'missing-field', path: ['value'], detail: `Required. Send ${sample}.` };
  if (given === undefined)
    return { code: 'missing-field', path: ['unit'], detail: `Required. Send ${sample}.` };
  if (typeof value === 'string') return stringProblem(value, ['value'], sample);
  if (typeof value !== 'number') {
    return { code: 'wrong-type', path: ['value'], detail: `Got ${typeName(value)}. Send a number.` };
  }
  if (typeof given !== 'string') {
    return {
      code: 'wrong-type',
      path: ['unit'],
      detail: `Got ${typeName(given)}. Send a unit as a string, such as "${unit.text}".`,
    };
  }
  const problem = finite(value, ['value']);
  if (problem !== undefined) return problem;
  const converted = convertFrom(declaration, value, given);
  if (typeof converted !== 'number') return converted;
  if (!Number.isFinite(converted)) {
    const detail = `${value} is too large to be converted to ${unit.text}. Send a smaller number, or one in ${unit.text}.`;
    return { code: 'not-finite', path: ['value'], detail };
  }
  return withinBounds(declaration, onBound(declaration, converted), undefined, { value, unit: given });
}

/**
 * A converted value, or the bound that it differs from by no more than conversions round, here and at the client's: a client
 * that means the bound has sent it.
 */
function onBound({ min, max, expected, unit }: QuantityDeclaration, value: number): number {
  // Of a temperature, it is the distance from absolute zero that is rounded.
  const zero = Math.abs(absoluteZero(unit) ?? 0);
  const isMeant = (bound: number | undefined) =>
    bound !== undefined &&
    Math.abs(value - bound) <= CONVERSION_ROUNDING * Math.max(Math.abs(bound), Math.abs(value), zero);
  return [min, max, expected?.min, expected?.max, absoluteZero(unit)].find(isMeant) ?? value;
}

function absoluteZero({ zero }: Unit): number | undefined {
  return zero === undefined ? undefined : -zero / 100;
}

/** Relative; a few thousand times what the numbers themselves round. */
const CONVERSION_ROUNDING = 1e-12;

/** Converts a client's value to the declared unit. */
function convertFrom(
  declaration: QuantityDeclaration,
  value: number,
  given: string,
): number | QuantityProblem {
  try {
    return converter(parseUnit(given, declaration.commodity), declaration.unit)(value);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return { code: error.code, path: ['unit'], detail: unitAdvice(error, declaration.unit) };
  }
}

/** The unit error's own sentence, completed by the units that would do. */
export function unitAdvice(error: UnitError, expected: Unit): string {
  return error.code === 'unknown-unit'
    ? `${error.message} Send one of: ${unitsLike(expected).join(', ')}.`
    : error.message;
}

const TOO_LARGE = 'The number is too large to be represented. Send a finite number.';

function finite(value: number, path: readonly string[]): QuantityProblem | undefined {
  if (Number.isFinite(value)) return undefined;
  return {
    code: 'not-finite',
    path,
    detail: TOO_LARGE,
  };
}

function withinBounds(
  { min, max, unit }: QuantityDeclaration,
  value: number,
  problem: QuantityProblem | undefined,
  given?: { readonly value: number; readonly unit: string },
): number | QuantityProblem {
  if (problem !== undefined) return problem;
  const within = (number: number) =>
    (min === undefined || number >= min) && (max === undefined || number <= max);
  const got = (isWrong: (shown: number) => boolean) =>
    given === undefined
      ? `${value} ${unit.text}`
      : `${given.value} ${given.unit.trim()} (${rounded(value, isWrong)} ${unit.text})`;
  if (!within(value)) {
    const detail = `Got ${got((shown) => !within(shown))}. Send a value ${boundsText({ min, max }, unit)}.`;
    return { code: 'out-of-bounds', path: [], detail };
  }
  const zero = absoluteZero(unit);
  if (zero !== undefined && value < zero) {
    const detail = `Got ${got((shown) => shown < zero)}, which is below absolute zero. Send a value ${boundsText({ min: zero }, unit)}.`;
    return { code: 'out-of-bounds', path: [], detail };
  }
  return value;
}

/** `between 0 and 100 %`, `of at least 0 m`, `of at most 5 t`. */
export function boundsText(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  unit: Unit,
): string {
  if (min !== undefined && max !== undefined) return `between ${min} and ${max} ${unit.text}`;
  return min !== undefined ? `of at least ${min} ${unit.text}` : `of at most ${max} ${unit.text}`;
}

function stringProblem(value: string, path: readonly string[], sample: string): QuantityProblem {
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  const detail = isNumber
    ? `Got the string "${value}". Send the number ${Number(value)}, without quotes.`
    : `Got a string. Send a quantity: ${sample}.`;
  return { code: 'wrong-type', path, detail };
}

/** A JSON type in words, with its article. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Enough digits for a message, and as many as it takes to show what is wrong with the value. */
function rounded(value: number, isWrong: (shown: number) => boolean): number {
  for (let digits = 6; digits < 17; digits++) {
    const shown = Number(value.toPrecision(digits));
    if (isWrong(shown)) return shown;
  }
  return value;
}
