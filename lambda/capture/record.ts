import { rangeWarnings, type Warning, withUnits } from '../../contract/api/answers.ts';
import type { Model } from '../../contract/model/model.ts';
import type { Values } from '../predictors/predictor.ts';

/** Sort keys of the feedback table: what is known of one prediction lies under its id. */
export const PREDICTION = 'prediction';
export const FEEDBACK = 'feedback';

/**
 * A prediction as it is stored. Quantities carry their units, so that a record can be read without the contract of its
 * time.
 */
export interface PredictionRecord {
  readonly predictionId: string;
  readonly record: typeof PREDICTION;
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly input: Values;
  readonly prediction: Values;
  /** Only asynchronous predictions that are not there have one. */
  readonly status?: undefined;
  readonly warnings: readonly Warning[];
  /** The unit that the caller asked for, by output field, where the answer is read later. */
  readonly units?: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly traceId?: string;
  /** Seconds since the epoch, for the table's time to live. */
  readonly expiresAt: number;
}

/** The observed truth for a prediction, as it is stored. */
export interface FeedbackRecord {
  readonly predictionId: string;
  readonly record: typeof FEEDBACK;
  readonly model: string;
  readonly version: string;
  readonly actual: Values;
  readonly observedAt?: string;
  readonly source?: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly requestId: string;
  readonly expiresAt: number;
}

/** What every record of one request has in common. */
export interface Circumstances {
  readonly model: Model;
  readonly variant: string;
  readonly now: number;
  readonly retentionDays: number;
  readonly requestId: string;
  readonly traceId: string | undefined;
}

/** The record of one input and its answer, both with quantities in their declared units. */
export function predictionRecord(
  predictionId: string,
  input: Values,
  output: Values,
  { model, variant, now, retentionDays, requestId, traceId }: Circumstances,
): PredictionRecord {
  return {
    predictionId,
    record: PREDICTION,
    model: model.name,
    version: model.version,
    variant,
    createdAt: new Date(now).toISOString(),
    input: withUnits(model.input, input),
    prediction: withUnits(model.output, output),
    warnings: [
      ...rangeWarnings(model.input, input, '/input'),
      ...rangeWarnings(model.output, output, '/prediction'),
    ],
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    expiresAt: expiry(now, retentionDays),
  };
}

/** When a record may be deleted, in seconds since the epoch. */
export function expiry(now: number, retentionDays: number): number {
  return Math.floor(now / 1000) + retentionDays * 86_400;
}
