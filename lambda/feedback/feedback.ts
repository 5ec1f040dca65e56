import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { withUnits } from '../../contract/api/answers.ts';
import { feedbackSchema, type Model } from '../../contract/model/model.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { parseBody, parseFeedback } from '../../contract/requests/requests.ts';
import { expiry, FEEDBACK, type FeedbackRecord } from '../capture/record.ts';
import type { PredictionStore } from '../capture/store.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { predictionIdOf, unknownPrediction } from '../http/prediction-id.ts';
import { storeSignal } from '../http/store-signal.ts';
import { logger, metrics } from '../observability.ts';

/** What taking feedback needs of the world. */
export interface FeedbackPorts {
  readonly model: Model;
  readonly store: PredictionStore;
  readonly retentionDays: number;
  readonly now: () => number;
}

/** `POST /predictions/{id}/feedback`: validated by the contract and stored once. */
export async function addFeedback(ports: FeedbackPorts, request: ApiRequest): Promise<ApiAnswer> {
  const { model, store, retentionDays } = ports;
  const predictionId = predictionIdOf(request);
  const { actual, observedAt, source } = parseFeedback(model, parseBody(request.body));
  if (!(await store.has(predictionId, storeSignal(request)))) throw unknownPrediction(predictionId);
  const now = ports.now();
  const feedback: FeedbackRecord = {
    predictionId,
    record: FEEDBACK,
    model: model.name,
    version: model.version,
    actual: withUnits(feedbackSchema(model), actual),
    ...(observedAt === undefined ? {} : { observedAt }),
    ...(source === undefined ? {} : { source }),
    receivedAt: new Date(now).toISOString(),
    requestId: request.requestId,
    expiresAt: expiry(now, retentionDays),
  };
  if (!(await store.addFeedback(feedback, storeSignal(request)))) {
    throw new ProblemError(
      'feedback-exists',
      `Prediction ${predictionId} has feedback already; the first one is kept.`,
    );
  }
  metrics.addMetric(METRICS.feedback, MetricUnit.Count, 1);
  logger.info('feedback stored', { predictionId });
  return { status: 201, body: { predictionId, actual: feedback.actual, receivedAt: feedback.receivedAt } };
}
