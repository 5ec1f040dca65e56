import { z } from 'zod';
import { BATCH_FOLDERS } from '../../contract/deployment/batch.ts';
import type { Model } from '../../contract/model/model.ts';
import type { ProblemItem } from '../../contract/problems/problems.ts';
import { outputUnits } from '../../contract/requests/requests.ts';
import type { Unit } from '../../contract/units/unit-syntax.ts';

/** What the state machine passes between its steps: small, whatever the files are. Their content lies in the bucket. */

const count = z.int().nonnegative();

/** How far the preparation has come. */
const preparedSchema = z.strictObject({
  done: z.boolean(),
  /** The key of the last object that is done with; empty before the first. */
  after: z.string(),
  /** The object that is read halfway, and where its next line begins. */
  current: z
    .strictObject({ key: z.string(), size: count, etag: z.string(), offset: count, line: count })
    .nullable(),
  objects: count,
  /** Objects that are no input by their names. */
  ignored: count,
  /** Lines that are not blank. */
  lines: count,
  chunks: count,
  /** How many of them have something to ask the model. */
  requests: count,
});

export type Prepared = z.output<typeof preparedSchema>;

/** How far the results have come. */
const finishedSchema = z.strictObject({
  done: z.boolean(),
  /** The last chunk whose results are written. */
  chunk: count,
  /** The object whose results are being written, and how many parts of them are. */
  source: z.string(),
  part: count,
  /** The folder in which the transform job left its answers. */
  answers: z.string().nullable(),
  predictions: count,
  /** Predictions with warnings. */
  flagged: count,
  problems: z.record(z.string(), count),
});

export type Finished = z.output<typeof finishedSchema>;

const execution = {
  /** The execution's name: it names its folders. */
  execution: z.string().min(1),
  /** What the execution was started with, as it came. */
  input: z.unknown(),
};

export const prepareEventSchema = z.strictObject({
  ...execution,
  /** Null at first. */
  prepared: preparedSchema.nullable(),
});

export const finishEventSchema = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('finish'),
    ...execution,
    startedAt: z.string(),
    prepared: preparedSchema,
    /** Null at first. */
    finished: finishedSchema.nullable(),
  }),
  z.strictObject({
    task: z.literal('explain'),
    ...execution,
    startedAt: z.string(),
    /** As a state machine catches it. */
    error: z.object({ Error: z.string().default(''), Cause: z.string().default('') }),
  }),
]);

export type PrepareEvent = z.output<typeof prepareEventSchema>;
export type FinishEvent = Extract<z.output<typeof finishEventSchema>, { task: 'finish' }>;
export type ExplainEvent = Extract<z.output<typeof finishEventSchema>, { task: 'explain' }>;

/** What starts an execution is not what it should be. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** What an execution is asked to do. */
export interface BatchRequest {
  readonly prefix: string;
  /** The units that the client asked for, by output field. */
  readonly units: Readonly<Record<string, Unit>>;
}

const requestSchema = z.strictObject({
  prefix: z
    .string()
    .startsWith(`${BATCH_FOLDERS.incoming}/`, `does not begin with ${BATCH_FOLDERS.incoming}/`),
  units: z.record(z.string(), z.string()).default({}),
});

/** @throws {InvalidInput} that says what to start an execution with */
export function parseRequest(model: Model, input: unknown): BatchRequest {
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    throw new InvalidInput(
      `The execution's input is not usable (${problems.join('; ')}). Start it with { "prefix": "${BATCH_FOLDERS.incoming}/…" }, and "units" if other ones are wanted.`,
    );
  }
  const errors: ProblemItem[] = [];
  const units = outputUnits(model, parsed.data.units, errors);
  if (errors.length > 0)
    throw new InvalidInput(errors.map(({ path, detail }) => `${path}: ${detail}`).join(' '));
  return { prefix: parsed.data.prefix, units };
}
