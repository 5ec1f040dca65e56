import { ulid } from 'ulid';
import type { Model } from '../../contract/model.ts';
import { captureWith } from '../capture/capture.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { sqsQueue } from '../capture/queue.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import { predict } from '../operations/predict.ts';
import type { Predictor } from '../predictors/predictor.ts';

/** The function behind `POST /predictions`. */
export function createHandler(model: Model, predictor: Predictor): ApiHandler {
  const environment = readEnvironment(['VARIANT', 'TABLE_NAME', 'CAPTURE_QUEUE_URL', 'RETENTION_DAYS']);
  const ports = {
    model,
    predictor,
    capture: captureWith(dynamoDbStore(environment.TABLE_NAME), sqsQueue(environment.CAPTURE_QUEUE_URL)),
    variant: environment.VARIANT,
    retentionDays: environment.RETENTION_DAYS,
    now: Date.now,
    newId: ulid,
  };
  return apiHandler((request) => predict(ports, request));
}
