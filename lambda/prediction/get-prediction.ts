import { withUnits } from '../../contract/api/answers.ts';
import type { Model } from '../../contract/model/model.ts';
import { ProblemError, problemDocument } from '../../contract/problems/problems.ts';
import { outputUnits } from '../../contract/requests/requests.ts';
import type { FailedRecord, PendingRecord } from '../capture/asynchronous-record.ts';
import type { FeedbackRecord, PredictionRecord } from '../capture/record.ts';
import type { PredictionStore } from '../capture/store.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { predictionIdOf, unknownPrediction } from '../http/prediction-id.ts';
import { storeSignal } from '../http/store-signal.ts';
import type { Values } from '../predictors/predictor.ts';

/** Seconds after which it is worth asking again for a prediction that is not there yet. */
export const POLL_AFTER_SECONDS = 5;

/** What reading predictions needs of the world. */
export interface GetPredictionPorts {
  readonly model: Model;
  readonly store: PredictionStore;
  readonly now: () => number;
}

/**
 * `GET /predictions/{id}`: the stored prediction, with its feedback if there is any. One that was accepted and is not there
 * has a `status` in place of its `prediction`: `pending`, with a `Retry-After`, or `failed`, with the problem.
 */
export async function getPrediction(
  { model, store, now }: GetPredictionPorts,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const predictionId = predictionIdOf(request);
  const stored = await store.read(predictionId, storeSignal(request));
  if (stored === undefined) throw unknownPrediction(predictionId);
  const { feedback } = stored;
  const record = givenUp(stored.prediction, now());
  const { version, variant, createdAt, input, warnings } = record;
  const about = { predictionId, model: record.model, version, variant, createdAt, input };
  const rest = { warnings, ...(feedback === undefined ? {} : { feedback: shown(feedback) }) };
  switch (record.status) {
    case 'pending':
      return {
        status: 200,
        body: { ...about, status: 'pending', ...rest },
        headers: { 'Retry-After': String(POLL_AFTER_SECONDS) },
      };
    case 'failed':
      return { status: 200, body: { ...about, status: 'failed', problem: record.problem, ...rest } };
    default:
      return { status: 200, body: { ...about, prediction: inWantedUnits(model, record), ...rest } };
  }
}

/** A prediction of which nothing was heard until its time was over has failed: nobody should wait for it any longer. */
function givenUp(
  record: PredictionRecord | PendingRecord | FailedRecord,
  now: number,
): PredictionRecord | PendingRecord | FailedRecord {
  if (record.status !== 'pending' || now < Date.parse(record.pendingUntil)) return record;
  const detail = `No answer of the model arrived until ${record.pendingUntil}. Send the request again.`;
  return { ...record, status: 'failed', problem: problemDocument('model-timeout', detail, record.requestId) };
}

/** A caller that was answered `202` asked for its units then, and reads the answer here. */
function inWantedUnits(model: Model, { prediction, units }: PredictionRecord): Values {
  if (units === undefined) return prediction;
  const declared = Object.fromEntries(
    Object.entries(prediction).map(([name, value]) => [name, isQuantity(value) ? value.value : value]),
  );
  try {
    // A unit that the contract of today does not take any more is left as it was declared.
    return withUnits(model.output, declared, outputUnits(model, units, []));
  } catch (error) {
    // The answer is too large for the unit that was asked for, long ago: it can be read in its own.
    if (error instanceof ProblemError) return prediction;
    throw error;
  }
}

function isQuantity(value: unknown): value is { readonly value: number } {
  return typeof value === 'object' && value !== null && 'value' in value && 'unit' in value;
}

function shown({ actual, observedAt, source, receivedAt }: FeedbackRecord) {
  return { actual, observedAt, source, receivedAt };
}
