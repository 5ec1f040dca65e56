import type { Model } from '../../contract/model.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import { getPrediction } from '../operations/get-prediction.ts';

/** The function behind `GET /predictions/{id}`. */
export function createHandler(_model: Model): ApiHandler {
  const store = dynamoDbStore(readEnvironment(['TABLE_NAME']).TABLE_NAME);
  return apiHandler((request) => getPrediction(store, request));
}
