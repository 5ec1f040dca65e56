import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { withUnits } from '../../contract/api/answers.ts';
import type { Model } from '../../contract/model/model.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import type { PredictionsRequest } from '../../contract/requests/requests.ts';
import type { Capture } from '../capture/capture.ts';
import { type PredictionRecord, predictionRecord } from '../capture/record.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { logger, metrics } from '../observability.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import { locatingImages } from '../predictors/image-problems.ts';
import type { Predictor, Values } from '../predictors/predictor.ts';
import { countByVariant } from '../variants/count.ts';
import { type ReadRequestPorts, readRequest } from './read-request.ts';

/** What predicting needs of the world. */
export interface PredictPorts extends ReadRequestPorts {
  readonly predictor: Predictor;
  readonly capture: Capture;
  readonly variant: string;
  readonly retentionDays: number;
  /** A new, sortable id (ULID) for a time in milliseconds. */
  readonly newId: (now: number) => string;
}

/** `POST /predictions`: validate, predict, capture, answer. */
export async function predict(ports: PredictPorts, request: ApiRequest): Promise<ApiAnswer> {
  const { model, predictor, capture, variant, retentionDays } = ports;
  const parsed = await readRequest(ports, request);
  const answers = await locatingImages(parsed, () => predictor.predict(parsed.inputs, request));
  const outputs = checkedOutputs(model, answers);
  // Before anything is kept: an answer that can't be given in the unit asked for is refused.
  const predictions = outputs.map((output) => withUnits(model.output, output, parsed.units));
  const now = ports.now();
  const circumstances = {
    model,
    variant,
    now,
    retentionDays,
    requestId: request.requestId,
    traceId: request.traceId,
  };
  const records = parsed.inputs.map((input, index) =>
    predictionRecord(ports.newId(now), input, outputs[index] ?? {}, circumstances),
  );
  await capture(records, request.deadline);
  report(variant, records);
  return { status: 200, body: answer(model, variant, parsed, records, predictions) };
}

function answer(
  model: Model,
  variant: string,
  { batch }: PredictionsRequest,
  records: readonly PredictionRecord[],
  answers: readonly Values[],
): unknown {
  const predictions = records.map(({ predictionId, warnings }, index) => ({
    predictionId,
    prediction: answers[index] ?? {},
    warnings,
  }));
  const about = { model: model.name, version: model.version, variant };
  if (batch) return { ...about, predictions };
  const [{ predictionId, prediction, warnings } = {}] = predictions;
  return { predictionId, ...about, prediction, warnings };
}

function report(variant: string, records: readonly PredictionRecord[]): void {
  const flagged = records.filter(({ warnings }) => warnings.length > 0).length;
  metrics.addMetric(METRICS.predictions, MetricUnit.Count, records.length);
  countByVariant(METRICS.predictions, variant, records.length);
  if (flagged > 0) metrics.addMetric(METRICS.outsideExpectedRange, MetricUnit.Count, flagged);
  const predictionIds = records.map(({ predictionId }) => predictionId);
  if (predictionIds.length === 1) metrics.addMetadata('predictionId', predictionIds[0] ?? '');
  logger.info('predicted', { predictionIds, flagged });
}
