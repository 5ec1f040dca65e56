import type { z } from 'zod';
import {
  type Bounds,
  boundsText,
  type QuantityDeclaration,
  quantityDeclaration,
} from '../fields/quantity.ts';
import { pointer } from '../fields/validation.ts';
import { ReceivedImage } from '../images/received-image.ts';
import { ProblemError } from '../problems/problems.ts';
import type { Unit } from '../units/unit-syntax.ts';
import { converter } from '../units/units.ts';

/** Something the client should know about an answer it can still use. */
export interface Warning {
  /** A JSON Pointer into the input, or into the prediction. */
  readonly path: string;
  readonly code: 'outside-expected-range';
  readonly detail: string;
}

/** A quantity as it leaves the API. */
export interface QuantityValue {
  readonly value: number;
  readonly unit: string;
}

/**
 * Values as they leave the API: every quantity with its unit, converted to the one asked for; of an image, what is kept of
 * it; other fields as they are.
 * `values` hold quantities in their declared units.
 * @throws {ProblemError} `invalid-input` where a value leaves the range of numbers in the unit that is asked for.
 */
export function withUnits(
  schema: z.ZodObject,
  values: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, Unit>> = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, rendered(name, declarationOf(schema, name), value, wanted[name])]),
  );
}

/** What lies outside the range the model was trained for, as warnings whose paths start with `base`. */
export function rangeWarnings(
  schema: z.ZodObject,
  values: Readonly<Record<string, unknown>>,
  base: string,
): Warning[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const declaration = declarationOf(schema, name);
    if (
      declaration?.expected === undefined ||
      typeof value !== 'number' ||
      within(declaration.expected, value)
    )
      return [];
    const { expected, unit } = declaration;
    return [
      {
        path: `${base}/${name}`,
        code: 'outside-expected-range' as const,
        detail: `${value} ${unit.text} is outside what the model was made for: a value ${boundsText(expected, unit)}.`,
      },
    ];
  });
}

function declarationOf(schema: z.ZodObject, name: string): QuantityDeclaration | undefined {
  const field = schema.shape[name];
  return field === undefined ? undefined : quantityDeclaration(field);
}

function rendered(
  name: string,
  declaration: QuantityDeclaration | undefined,
  value: unknown,
  wanted: Unit | undefined,
): unknown {
  if (value instanceof ReceivedImage) return value.summary();
  if (declaration === undefined || typeof value !== 'number') return value;
  const unit = wanted ?? declaration.unit;
  const converted = converter(declaration.unit, unit)(value);
  if (Number.isFinite(value) && !Number.isFinite(converted))
    throw beyondNumbers(name, unit, declaration.unit);
  return { value: converted, unit: unit.text } satisfies QuantityValue;
}

function beyondNumbers(name: string, { text }: Unit, declared: Unit): ProblemError {
  const path = pointer('/units', [name]);
  const detail = `The answer is too large to be a number of ${text}. Ask for a larger unit, or for ${declared.text}.`;
  return new ProblemError('invalid-input', `${path}: ${detail}`, {
    errors: [{ path, code: 'not-finite', detail }],
  });
}

function within({ min, max }: Bounds, value: number): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}
