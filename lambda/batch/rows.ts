import { z } from 'zod';
import type { Model } from '../../contract/model/model.ts';
import { type ProblemDocument, ProblemError, problemDocument } from '../../contract/problems/problems.ts';
import { type ClientId, idOf, parseBatchLine } from '../../contract/requests/batch-line.ts';
import { parseBody } from '../../contract/requests/requests.ts';
import type { Values } from '../predictors/predictor.ts';
import type { Line } from './lines.ts';

interface AnyRow {
  /** The line's number in its file. */
  readonly line: number;
  readonly id?: ClientId | undefined;
}

/** A line that the model is asked about. */
export interface GoodRow extends AnyRow {
  /** Validated, with every quantity in its declared unit. */
  readonly input: Values;
}

/** A line that is answered with a problem. */
export interface BadRow extends AnyRow {
  readonly problem: ProblemDocument;
}

export type Row = GoodRow | BadRow;

/** Bytes that a line may have: an input is far smaller, and one function holds many of them. */
export const LONGEST_LINE_BYTES = 1024 * 1024;

export function isGood(row: Row): row is GoodRow {
  return 'input' in row;
}

/** A line as what becomes of it. `requestId` is the occurrence that a problem names, and that the logs carry. */
export function rowOf(model: Model, { number, text, flaw }: Line, requestId: string): Row {
  if (text === undefined) return badRow({ line: number }, flawOf(flaw), requestId);
  let value: unknown;
  try {
    value = parseBody(text);
    const { id, input } = parseBatchLine(model, value);
    return { line: number, ...(id !== undefined && { id }), input };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const id = idOf(value);
    return badRow({ line: number, ...(id !== undefined && { id }) }, error, requestId);
  }
}

/** A row that a problem takes the place of. */
export function badRow({ line, id }: AnyRow, problem: ProblemError, requestId: string): BadRow {
  const document = problemDocument(problem.code, problem.message, requestId, problem.errors);
  return { ...(id !== undefined && { id }), line, problem: document };
}

function flawOf(flaw: Line['flaw']): ProblemError {
  return flaw === 'too-long'
    ? new ProblemError('payload-too-large', `The line has more than ${LONGEST_LINE_BYTES} bytes.`)
    : new ProblemError('invalid-json', 'The line is not UTF-8.');
}

/** Rows that travel together: those of one request to the model, and the bad ones between them. */
export interface Chunk {
  /** The key of the object that they are from. */
  readonly source: string;
  readonly rows: readonly Row[];
}

const common = { line: z.int().positive(), id: z.union([z.string(), z.int()]).optional() };

const chunkSchema = z.strictObject({
  source: z.string(),
  rows: z.array(
    z.union([
      z.strictObject({ ...common, input: z.record(z.string(), z.unknown()) }),
      z.strictObject({ ...common, problem: z.custom<ProblemDocument>((value) => typeof value === 'object') }),
    ]),
  ),
});

export function encodeChunk(chunk: Chunk): string {
  return JSON.stringify(chunk);
}

/** @throws {Error} where the text is none */
export function decodeChunk(text: string): Chunk {
  return chunkSchema.parse(JSON.parse(text));
}
