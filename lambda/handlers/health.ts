import type { Model } from '../../contract/model/model.ts';
import { healthCheck } from '../health/health.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import type { Predictor } from '../predictors/predictor.ts';

/** The function behind `GET /health`. */
export function createHandler(model: Model, predictor: Predictor): ApiHandler {
  return apiHandler(healthCheck({ model, predictor, now: Date.now }));
}
