import { withUnits } from '../../contract/api/answers.ts';
import type { Model } from '../../contract/model/model.ts';
import type { PredictionRecord } from '../capture/record.ts';
import type { Values } from '../predictors/predictor.ts';

/** Sort key of what a shadow predicted, behind the prediction that was answered. */
export function shadowKey(shadow: string): `shadow#${string}` {
  return `shadow#${shadow}`;
}

/** What a shadow predicted for inputs that are stored with the prediction of the same id. */
export interface ShadowRecord {
  readonly predictionId: string;
  readonly record: `shadow#${string}`;
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  /** ISO 8601; that of the prediction. */
  readonly createdAt: string;
  readonly prediction: Values;
  /** How long the shadow took for the whole request, in milliseconds; with what it waited where it has a queue. */
  readonly latencyMs: number;
  readonly requestId: string;
  readonly traceId?: string;
  /** Seconds since the epoch, for the table's time to live; that of the prediction. */
  readonly expiresAt: number;
}

/** What a shadow's record has in common with the prediction that was answered. */
export type Answered = Pick<
  PredictionRecord,
  'predictionId' | 'model' | 'createdAt' | 'requestId' | 'traceId' | 'expiresAt'
>;

/** The record of a shadow's output beside the prediction that was answered. */
export function shadowRecord(
  answered: Answered,
  shadow: { readonly name: string; readonly version: string },
  { output, schema, latencyMs }: { output: Values; schema: Model['output']; latencyMs: number },
): ShadowRecord {
  const { predictionId, model, createdAt, requestId, traceId, expiresAt } = answered;
  return {
    predictionId,
    record: shadowKey(shadow.name),
    model,
    version: shadow.version,
    variant: shadow.name,
    createdAt,
    prediction: withUnits(schema, output),
    latencyMs,
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    expiresAt,
  };
}
