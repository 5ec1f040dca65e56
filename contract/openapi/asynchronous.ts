import type { JsonSchema } from '../fields/json-schema.ts';
import type { Model } from '../model/model.ts';
import { CALLBACKS, callbackParameter, callbackSchemas } from './callbacks.ts';
import { CALLER } from './exchanges.ts';
import { aboutProperties, type Exchange, ID, object, ref, WARNINGS } from './parts.ts';
import { requestSteps } from './steps.ts';

const RETRY_AFTER: JsonSchema = {
  description: 'Seconds after which it is worth asking again.',
  schema: { type: 'integer' },
};

const LOCATION: JsonSchema = {
  description: 'Where the answer to a single `input` will be, relative to this URL.',
  schema: { type: 'string' },
};

/**
 * What differs where predictions are accepted first and answered later: who gets an answer gets the same one.
 * @param callbackHosts those that are called back; nobody is where there are none
 */
export function asynchronousExchanges(
  model: Pick<Model, 'input'>,
  callbackHosts: readonly string[],
): {
  readonly createPredictions: Exchange;
  readonly getPrediction: Exchange;
  readonly getHealth: Exchange;
} {
  const isCalledBack = callbackHosts.length > 0;
  return {
    createPredictions: {
      parameters: [CALLER, ...(isCalledBack ? [callbackParameter(callbackHosts)] : [])],
      ...(isCalledBack ? { callbacks: CALLBACKS } : {}),
      request: ref('PredictionsRequest'),
      status: 202,
      description: 'Accepted: one id for `input`, a list of them for `inputs`.',
      response: { oneOf: [ref('PendingAnswer'), ref('PendingAnswers')] },
      steps: [...requestSteps(model), 'reach-store', 'queue-request'],
      headers: { Location: LOCATION, 'Retry-After': RETRY_AFTER },
    },
    getPrediction: {
      status: 200,
      description: 'The prediction once it is there; until then, or where it never will be, its `status`.',
      response: { oneOf: [ref('StoredPrediction'), ref('PendingPrediction'), ref('FailedPrediction')] },
      steps: ['find-prediction'],
      headers: { 'Retry-After': { ...RETRY_AFTER, description: 'Only while the prediction is pending.' } },
    },
    getHealth: {
      status: 200,
      description: 'The latest request was answered, or there was none yet.',
      response: ref('Health'),
      steps: ['recall-outcome'],
    },
  };
}

/** The schemas that only an asynchronous model's document has. */
export function asynchronousSchemas(
  model: Model,
  callbackHosts: readonly string[],
): Record<string, JsonSchema> {
  const about = aboutProperties(model);
  const pending = { type: 'string', const: 'pending' };
  const stored = {
    predictionId: ID,
    ...about,
    createdAt: { type: 'string', format: 'date-time' },
    input: { type: 'object' },
    warnings: WARNINGS,
  };
  const feedback = { feedback: { type: 'object', description: 'As in StoredPrediction.' } };
  const storedFields = Object.keys(stored);
  return {
    PendingAnswer: object({ predictionId: ID, status: pending, ...about, warnings: WARNINGS }),
    PendingAnswers: object({
      status: pending,
      ...about,
      predictions: {
        type: 'array',
        items: object({ predictionId: ID, status: pending, warnings: WARNINGS }),
      },
    }),
    PendingPrediction: object({ ...stored, status: pending, ...feedback }, [...storedFields, 'status']),
    FailedPrediction: object(
      { ...stored, status: { type: 'string', const: 'failed' }, problem: ref('Problem'), ...feedback },
      [...storedFields, 'status', 'problem'],
    ),
    ...(callbackHosts.length > 0 ? callbackSchemas(model) : {}),
  };
}
