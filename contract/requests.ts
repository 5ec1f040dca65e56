import { z } from 'zod';
import { feedbackSchema, type Model } from './model.ts';
import { ProblemError, type ProblemItem } from './problems.ts';
import { quantityDeclaration, unitAdvice } from './quantity.ts';
import { MAX_INPUTS } from './routes.ts';
import { parseUnit, type Unit, UnitError } from './unit-syntax.ts';
import { converter } from './units.ts';
import { pointer, validate } from './validation.ts';

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
export function parseBody(body: string | null | undefined): unknown {
  if (body === null || body === undefined || body.trim() === '') {
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
  const envelope = parseEnvelope(predictionsEnvelope, body);
  const { input, inputs, units } = envelope;
  if ((input === undefined) === (inputs === undefined)) {
    const detail =
      input === undefined
        ? 'Send "input" with one object, or "inputs" with a list of them.'
        : 'Send "input" or "inputs", not both.';
    throw new ProblemError('invalid-request', detail, {
      errors: [{ path: '', code: input === undefined ? 'missing-field' : 'conflicting-fields', detail }],
    });
  }
  if (inputs !== undefined && inputs.length > MAX_INPUTS) {
    throw new ProblemError(
      'too-many-inputs',
      `Got ${inputs.length} inputs; one request holds at most ${MAX_INPUTS}. Send several requests.`,
      { errors: [{ path: '/inputs', code: 'out-of-bounds', detail: `At most ${MAX_INPUTS} inputs.` }] },
    );
  }
  const errors: ProblemItem[] = [];
  const read = (value: unknown, path: string) => {
    const result = validate(model.input, value, path);
    if (result.ok) return result.value;
    errors.push(...result.errors);
    return {};
  };
  const values =
    inputs === undefined
      ? [read(input, '/input')]
      : inputs.map((value, index) => read(value, `/inputs/${index}`));
  const wanted = outputUnits(model, units ?? {}, errors);
  if (errors.length > 0) throw invalidInput(errors);
  return { inputs: values, batch: inputs !== undefined, units: wanted };
}

/**
 * Reads the body of `POST /predictions/{id}/feedback` by a model's contract.
 * @throws {ProblemError} with every offending place.
 */
export function parseFeedback(model: Model, body: unknown): FeedbackRequest {
  const envelope = parseEnvelope(feedbackEnvelope, body);
  const actual = validate(feedbackSchema(model), envelope.actual, '/actual');
  if (!actual.ok) throw invalidInput(actual.errors);
  return { actual: actual.value, observedAt: envelope.observedAt, source: envelope.source };
}

function parseEnvelope<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = validate(schema, body);
  if (result.ok) return result.value;
  throw new ProblemError('invalid-request', summary(result.errors), { errors: result.errors });
}

/** The most offending places one answer lists: a thousand bad inputs need not be told one by one. */
const MAX_ITEMS = 50;

function invalidInput(errors: readonly ProblemItem[]): ProblemError {
  return new ProblemError('invalid-input', summary(errors), { errors: errors.slice(0, MAX_ITEMS) });
}

function summary(errors: readonly ProblemItem[]): string {
  const [first] = errors;
  if (first === undefined) return '';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first.path === '' ? 'The body' : first.path}: ${first.detail}${more}`;
}

function outputUnits(
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
      converter(declaration.unit, unit);
      units[name] = unit;
    } catch (error) {
      if (!(error instanceof UnitError)) throw error;
      errors.push({ path, code: error.code, detail: unitAdvice(error, declaration.unit) });
    }
  }
  return units;
}
