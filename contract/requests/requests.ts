import { z } from 'zod';
import { quantityDeclaration, unitAdvice } from '../fields/quantity.ts';
import { pointer, validate } from '../fields/validation.ts';
import { feedbackSchema, type Model } from '../model/model.ts';
import { ProblemError, type ProblemItem } from '../problems/problems.ts';
import { parseUnit, type Unit, UnitError } from '../units/unit-syntax.ts';
import { converter } from '../units/units.ts';
import { excessiveInputs, maxInputs, totalProblems } from './request-images.ts';

/** A request for predictions, understood. */
export interface PredictionsRequest {
  /** Validated, with every quantity in its declared unit. */
  readonly inputs: readonly Record<string, unknown>[];
  /** Whether the client sent `inputs`, and so expects a list. */
  readonly batch: boolean;
  /** The unit the client asked for, by output field. */
  readonly units: Readonly<Record<string, Unit>>;
}

/** The observed truth for a prediction, understood: quantities in their declared units. */
export interface FeedbackRequest {
  readonly actual: Record<string, unknown>;
  readonly observedAt: string | undefined;
  readonly source: string | undefined;
}

/** The outer form of `POST /predictions`, before the model's own fields are looked at. */
export const predictionsEnvelope = z.strictObject({
  input: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(z.record(z.string(), z.unknown())).min(1, 'Send at least one input').optional(),
  units: z.record(z.string(), z.string()).optional(),
});

/** The outer form of `POST /predictions/{id}/feedback`. */
export const feedbackEnvelope = z.strictObject({
  actual: z.record(z.string(), z.unknown()),
  observedAt: z.iso.datetime({ offset: true }).optional(),
  source: z.string().min(1).max(200).optional(),
});

/**
 * The JSON value of a request's body.
 * @throws {ProblemError} `missing-body` or `invalid-json`.
 */
export function parseBody(sent: string | null | undefined): unknown {
  // Some tools begin UTF-8 with a byte order mark, which JSON does not have.
  const body = sent?.replace(/^\uFEFF/, '');
  if (body === undefined || body.trim() === '') {
    throw new ProblemError('missing-body', 'Send a JSON object as the body.');
  }
  try {
    return MAY_NAME_PROTOTYPE.test(body) ? JSON.parse(body, refusePrototype) : JSON.parse(body);
  } catch (error) {
    const hint = /\b(NaN|-?Infinity)\b/.test(body)
      ? ' JSON has no NaN and no Infinity: leave the field out or send a finite number.'
      : '';
    throw new ProblemError('invalid-json', `${(error as Error).message}.${hint}`, { cause: error });
  }
}

/** `__proto__` as a field, plain or escaped: a schema library skips it, and it is nobody's field. */
const MAY_NAME_PROTOTYPE = /__proto__|\\u005f/i;

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('No field may be called __proto__');
  return value;
}

/**
 * Reads the body of `POST /predictions` by a model's contract.
 * @throws {ProblemError} with every offending place, named by index for `inputs`.
 */
export function parsePredictions(model: Model, body: unknown): PredictionsRequest {
  const excessive = excessiveInputs(model, body);
  if (excessive !== undefined) throw tooManyInputs(excessive, maxInputs(model));
  const envelope = validate(predictionsEnvelope, body);
  const { input, inputs, units } = envelope.ok ? envelope.value : partsOf(body);
  const formErrors = [...(envelope.ok ? [] : envelope.errors), ...choiceErrors(body)];
  const errors: ProblemItem[] = [];
  const read = (value: unknown, path: string) => {
    const result = validate(model.input, value, path);
    if (result.ok) return result.value;
    // A body may have more fields than a call takes arguments.
    for (const error of result.errors) errors.push(error);
    return {};
  };
  const single = input === undefined ? [] : [read(input, '/input')];
  const values =
    inputs === undefined ? single : inputs.map((value, index) => read(value, `/inputs/${index}`));
  for (const error of totalProblems(model, values)) errors.push(error);
  const wanted = outputUnits(model, units ?? {}, errors);
  if (formErrors.length > 0) throw refused('invalid-request', [...formErrors, ...errors]);
  if (errors.length > 0) throw refused('invalid-input', errors);
  return { inputs: values, batch: inputs !== undefined, units: wanted };
}

/** Told before anything else: reading so many would take longer than the request has, and uploads are not fetched for them. */
function tooManyInputs(count: number, most: number): ProblemError {
  return new ProblemError(
    'too-many-inputs',
    `Got ${count} inputs; one request holds at most ${most}. Send several requests.`,
    { errors: [{ path: '/inputs', code: 'out-of-bounds', detail: `At most ${most} inputs.` }] },
  );
}

/** The parts of a body that are sound by themselves, so that a mistake in one does not hide those in the others. */
function partsOf(body: unknown): Partial<z.output<typeof predictionsEnvelope>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const parts = Object.entries(predictionsEnvelope.shape).flatMap(([name, schema]) => {
    const result = schema.safeParse((body as Record<string, unknown>)[name]);
    return result.success && result.data !== undefined ? [[name, result.data] as const] : [];
  });
  return Object.fromEntries(parts);
}

/** A request has one input or a list of them. */
function choiceErrors(body: unknown): ProblemItem[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const { input, inputs } = body as Record<string, unknown>;
  if (input === undefined && inputs === undefined) {
    const detail = 'Send "input" with one object, or "inputs" with a list of them.';
    return [{ path: '', code: 'missing-field', detail }];
  }
  if (input === undefined || inputs === undefined) return [];
  return [{ path: '', code: 'conflicting-fields', detail: 'Send "input" or "inputs", not both.' }];
}

/**
 * Reads the body of `POST /predictions/{id}/feedback` by a model's contract.
 * @throws {ProblemError} with every offending place.
 */
export function parseFeedback(model: Model, body: unknown): FeedbackRequest {
  const envelope = validate(feedbackEnvelope, body);
  const sent = typeof body === 'object' && body !== null ? (body as { actual?: unknown }).actual : undefined;
  const actual = validate(feedbackSchema(model), sent, '/actual');
  if (!envelope.ok) {
    const formErrors = envelope.errors.filter(({ path }) => path !== '/actual');
    throw refused('invalid-request', [...formErrors, ...(actual.ok ? [] : actual.errors)]);
  }
  if (!actual.ok) throw refused('invalid-input', actual.errors);
  return { actual: actual.value, observedAt: envelope.value.observedAt, source: envelope.value.source };
}

/** The most offending places one answer lists: a thousand bad inputs need not be told one by one. */
const MAX_ITEMS = 50;

/** A problem that lists places, with the first of them in words. */
export function refused(
  code: 'invalid-request' | 'invalid-input',
  errors: readonly ProblemItem[],
): ProblemError {
  return new ProblemError(code, summary(errors), { errors: errors.slice(0, MAX_ITEMS) });
}

function summary(errors: readonly ProblemItem[]): string {
  const [first] = errors;
  if (first === undefined) return '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.path === '' ? 'The body' : first.path}: ${first.detail}${more}`;
}

/** The units asked for, by output field; what is wrong with them is added to `errors`. */
export function outputUnits(
  model: Model,
  wanted: Readonly<Record<string, string>>,
  errors: ProblemItem[],
): Record<string, Unit> {
  const units: Record<string, Unit> = {};
  for (const [name, text] of Object.entries(wanted)) {
    const path = pointer('/units', [name]);
    const field = Object.hasOwn(model.output.shape, name) ? model.output.shape[name] : undefined;
    const declaration = field === undefined ? undefined : quantityDeclaration(field);
    if (declaration === undefined) {
      const known = Object.entries(model.output.shape).filter(
        ([, schema]) => quantityDeclaration(schema) !== undefined,
      );
      const detail = `No such quantity in the answer. It has: ${known.map(([key]) => key).join(', ') || 'none'}.`;
      errors.push({ path, code: 'unknown-field', detail });
      continue;
    }
    try {
      const unit = parseUnit(text, declaration.commodity);
      // Asked in this direction, a mismatch is told of the unit that the client sent.
      converter(unit, declaration.unit);
      units[name] = unit;
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      errors.push({ path, code: error.code, detail: unitAdvice(error, declaration.unit) });
    }
  }
  return units;
}
