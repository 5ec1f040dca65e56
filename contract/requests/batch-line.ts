import { z } from 'zod';
import { validate } from '../fields/validation.ts';
import type { Model } from '../model/model.ts';
import { refused } from './requests.ts';

/** What a client may join results on: it comes back as it was sent. */
export type ClientId = string | number;

/** One line of a batch, understood. */
export interface BatchLine {
  readonly id: ClientId | undefined;
  /** Validated, with every quantity in its declared unit. */
  readonly input: Record<string, unknown>;
}

const clientId = z.union([z.string().min(1).max(256), z.int()], {
  error: 'An id is a text of 1 to 256 characters or a whole number',
});

/** The outer form of a line, before the model's own fields are looked at. */
const lineEnvelope = z.strictObject({
  id: clientId.optional(),
  input: z.record(z.string(), z.unknown()),
});

/**
 * Reads one line of a batch by a model's contract: an input in the form in which `POST /predictions` takes it.
 * @throws {ProblemError} with every offending place
 */
export function parseBatchLine(model: Model, value: unknown): BatchLine {
  const envelope = validate(lineEnvelope, value);
  if (!envelope.ok) throw refused('invalid-request', envelope.errors);
  const { id, input: sent } = envelope.value;
  const input = validate(model.input, sent, '/input');
  if (!input.ok) throw refused('invalid-input', input.errors);
  return { id, input: input.value };
}

/** The id in a line that is refused for something else; undefined where there is none to tell. */
export function idOf(value: unknown): ClientId | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return clientId.safeParse(value.id).data;
}
