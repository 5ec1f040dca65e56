import { rangeWarnings, withUnits } from '../../contract/api/answers.ts';
import type { ProblemDocument } from '../../contract/problems/problems.ts';
import type { Values } from '../predictors/predictor.ts';
import { type Circumstances, expiry, PREDICTION, type PredictionRecord } from './record.ts';

/** A prediction that was accepted and is not there yet; once it is, the same item is a {@link PredictionRecord}. */
export interface PendingRecord extends Omit<PredictionRecord, 'prediction' | 'status'> {
  readonly status: 'pending';
  /** ISO 8601: when the request has been given up, should nothing have been heard of it. */
  readonly pendingUntil: string;
}

/** A prediction that was accepted and will never be there. */
export interface FailedRecord extends Omit<PredictionRecord, 'prediction' | 'status'> {
  readonly status: 'failed';
  readonly problem: ProblemDocument;
}

/** The record of one accepted input; `units` are those that the caller asked for, as text. */
export function pendingRecord(
  predictionId: string,
  input: Values,
  {
    units,
    pendingUntil,
  }: { readonly units: Readonly<Record<string, string>>; readonly pendingUntil: number },
  { model, variant, now, retentionDays, requestId, traceId }: Circumstances,
): PendingRecord {
  return {
    predictionId,
    record: PREDICTION,
    status: 'pending',
    model: model.name,
    version: model.version,
    variant,
    createdAt: new Date(now).toISOString(),
    pendingUntil: new Date(pendingUntil).toISOString(),
    input: withUnits(model.input, input),
    warnings: rangeWarnings(model.input, input, '/input'),
    ...(Object.keys(units).length === 0 ? {} : { units }),
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    expiresAt: expiry(now, retentionDays),
  };
}
