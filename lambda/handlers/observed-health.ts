import type { Model } from '../../contract/model/model.ts';
import { dynamoDbOutcomes } from '../asynchronous/outcome-store.ts';
import { readEnvironment } from '../environment.ts';
import { observedHealth } from '../health/observed-health.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';

/** The function behind `GET /health` of an asynchronous model. */
export function createHandler(model: Model): ApiHandler {
  const outcomes = dynamoDbOutcomes(readEnvironment(['TABLE_NAME']).TABLE_NAME);
  return apiHandler((request) => observedHealth({ model, outcomes, now: Date.now }, request));
}
