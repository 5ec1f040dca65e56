import { rangeWarnings, type Warning, withUnits } from '../../contract/api/answers.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { type ProblemDocument, ProblemError } from '../../contract/problems/problems.ts';
import type { ClientId } from '../../contract/requests/batch-line.ts';
import type { Unit } from '../../contract/units/unit-syntax.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import type { Codec } from '../predictors/codec.ts';
import { decodeAnswers } from '../predictors/payload.ts';
import type { Values } from '../predictors/predictor.ts';
import { badRow, type GoodRow, isGood, type Row } from './rows.ts';

/** What a line of a batch is answered with. */
export type Result = { readonly id?: ClientId | undefined; readonly line: number } & (
  | { readonly prediction: Values; readonly warnings: readonly Warning[] }
  | { readonly problem: ProblemDocument }
);

export interface ResultsOptions {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  /** The units that the client asked for, by output field. */
  readonly units: Readonly<Record<string, Unit>>;
  /** What problems name as their occurrence. */
  readonly requestId: string;
}

/**
 * The results of rows, in their order: by the same steps as a prediction's that is asked for by itself. `answer` is what
 * the model server said about the good ones. What can't be understood of it is a problem of the rows concerned.
 */
export function resultsOf(
  rows: readonly Row[],
  answer: string | undefined,
  options: ResultsOptions,
): readonly Result[] {
  const good = rows.filter(isGood);
  const outputs = outputsOf(good, answer, options);
  return rows.map((row) => {
    if (!isGood(row)) return row;
    const output = outputs.get(row);
    if (output === undefined) throw new Error(`line ${row.line} has no answer`);
    return output instanceof ProblemError
      ? badRow(row, output, options.requestId)
      : predicted(row, output, options);
  });
}

function predicted(row: GoodRow, output: Values, { model, units, requestId }: ResultsOptions): Result {
  const { line, id, input } = row;
  let prediction: Values;
  try {
    prediction = withUnits(model.output, output, units);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return badRow(row, error, requestId);
  }
  return {
    ...(id !== undefined && { id }),
    line,
    prediction,
    warnings: [
      ...rangeWarnings(model.input, input, '/input'),
      ...rangeWarnings(model.output, output, '/prediction'),
    ],
  };
}

/** What the model says of each row, or what is wrong with that. */
function outputsOf(
  rows: readonly GoodRow[],
  answer: string | undefined,
  { model, codec }: ResultsOptions,
): ReadonlyMap<GoodRow, Values | ProblemError> {
  try {
    const inputs = rows.map(({ input }) => input);
    const answers = rows.length === 0 ? [] : decodeAnswers(model, codec, answer ?? '', inputs);
    return new Map(rows.map((row, index) => [row, checked(model, answers[index] ?? {})]));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return new Map(rows.map((row) => [row, error]));
  }
}

/** One answer that the contract excludes says nothing of the others. */
function checked(model: ArtifactModel, answer: Values): Values | ProblemError {
  try {
    return checkedOutputs(model, [answer])[0] ?? {};
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}
