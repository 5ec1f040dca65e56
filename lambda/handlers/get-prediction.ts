import type { Model } from '../../contract/model/model.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import { getPrediction } from '../prediction/get-prediction.ts';

/** The function behind `GET /predictions/{id}`. */
export function createHandler(model: Model): ApiHandler {
  const ports = { model, store: dynamoDbStore(readEnvironment(['TABLE_NAME']).TABLE_NAME), now: Date.now };
  return apiHandler((request) => getPrediction(ports, request));
}
