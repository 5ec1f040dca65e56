import type { FeedbackRecord } from '../capture/record.ts';
import type { PredictionStore } from '../capture/store.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { predictionIdOf, unknownPrediction } from './prediction-id.ts';
import { storeSignal } from './store-signal.ts';

/** `GET /predictions/{id}`: the stored prediction, with its feedback if there is any. */
export async function getPrediction(store: PredictionStore, request: ApiRequest): Promise<ApiAnswer> {
  const predictionId = predictionIdOf(request);
  const stored = await store.read(predictionId, storeSignal(request));
  if (stored === undefined) throw unknownPrediction(predictionId);
  const { model, version, variant, createdAt, input, prediction, warnings } = stored.prediction;
  return {
    status: 200,
    body: {
      predictionId,
      model,
      version,
      variant,
      createdAt,
      input,
      prediction,
      warnings,
      ...(stored.feedback === undefined ? {} : { feedback: shown(stored.feedback) }),
    },
  };
}

function shown({ actual, observedAt, source, receivedAt }: FeedbackRecord) {
  return { actual, observedAt, source, receivedAt };
}
