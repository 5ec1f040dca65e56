import { BATCH_REQUEST_BYTES } from '../../contract/deployment/batch.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Codec } from '../predictors/codec.ts';
import { badRow, type GoodRow, isGood, type Row } from './rows.ts';

/** Rows, and the request that asks the model about the good ones; undefined where there are none. */
export interface PackedRows {
  readonly rows: readonly Row[];
  readonly body: string | undefined;
}

/** The model that is asked, and the codec that its container speaks. */
export interface Asked {
  readonly model: ArtifactModel;
  readonly codec: Codec;
}

/**
 * Encodes rows as requests of at most `limitBytes`: one, or several where they are too large together. A row that the
 * model's preprocessing fails on, or that is too large alone, becomes a problem and does not keep the others back.
 * @throws what preprocessing throws for rows that it takes one by one
 */
export function packRows(
  asked: Asked,
  rows: readonly Row[],
  requestId: string,
  limitBytes: number = BATCH_REQUEST_BYTES,
): readonly PackedRows[] {
  const good = rows.filter(isGood);
  const [first] = good;
  if (first === undefined) return [{ rows, body: undefined }];
  let body: string;
  try {
    body = encode(asked, good, requestId);
  } catch (error) {
    const culprits = new Set<Row>(good.filter((row) => !isEncodable(asked, row, requestId)));
    if (culprits.size === 0) throw error;
    const problem = new ProblemError('model-error', 'The model failed on this input.');
    return packRows(asked, replaced(rows, culprits, problem, requestId), requestId, limitBytes);
  }
  const bytes = Buffer.byteLength(body);
  if (bytes <= limitBytes) return [{ rows, body }];
  if (good.length === 1) {
    const problem = new ProblemError(
      'payload-too-large',
      `The input comes to ${bytes} bytes for the model; it takes at most ${limitBytes} at once.`,
    );
    return [{ rows: replaced(rows, new Set([first]), problem, requestId), body: undefined }];
  }
  const half = rows.indexOf(good[Math.floor(good.length / 2)] ?? first);
  return [rows.slice(0, half), rows.slice(half)].flatMap((part) =>
    packRows(asked, part, requestId, limitBytes),
  );
}

function encode({ model, codec }: Asked, rows: readonly GoodRow[], requestId: string): string {
  const tensors = model.preprocess(rows.map(({ input }) => input));
  return codec.encode(requestId, tensors, rows.length);
}

function isEncodable(asked: Asked, row: GoodRow, requestId: string): boolean {
  try {
    encode(asked, [row], requestId);
    return true;
  } catch {
    return false;
  }
}

function replaced(
  rows: readonly Row[],
  culprits: ReadonlySet<Row>,
  problem: ProblemError,
  requestId: string,
): readonly Row[] {
  return rows.map((row) => (culprits.has(row) ? badRow(row, problem, requestId) : row));
}
