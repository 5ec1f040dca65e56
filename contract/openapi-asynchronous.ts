import type { JsonSchema } from './json-schema.ts';
import type { Model } from './model.ts';
import { BODY, type Exchange, object, ref } from './openapi-parts.ts';

const RETRY_AFTER: JsonSchema = {
  description: 'Seconds after which it is worth asking again.',
  schema: { type: 'integer' },
};

const LOCATION: JsonSchema = {
  description: 'Where the answer to a single `input` will be, relative to this URL.',
  schema: { type: 'string' },
};

/** What differs where predictions are accepted first and answered later: who gets an answer gets the same one. */
export function asynchronousExchanges(): {
  readonly createPredictions: Exchange;
  readonly getPrediction: Exchange;
  readonly getHealth: Exchange;
} {
  return {
    createPredictions: {
      request: ref('PredictionsRequest'),
      status: 202,
      description: 'Accepted: one id for `input`, a list of them for `inputs`.',
      response: { oneOf: [ref('PendingAnswer'), ref('PendingAnswers')] },
      problems: [...BODY, 'too-many-inputs', 'model-throttled', 'model-unavailable', 'store-unavailable'],
      headers: { Location: LOCATION, 'Retry-After': RETRY_AFTER },
    },
    getPrediction: {
      status: 200,
      description: 'The prediction once it is there; until then, or where it never will be, its `status`.',
      response: { oneOf: [ref('StoredPrediction'), ref('PendingPrediction'), ref('FailedPrediction')] },
      problems: ['prediction-not-found', 'store-unavailable'],
      headers: { 'Retry-After': { ...RETRY_AFTER, description: 'Only while the prediction is pending.' } },
    },
    getHealth: {
      status: 200,
      description: 'The latest request was answered, or there was none yet.',
      response: ref('Health'),
      problems: ['model-error', 'store-unavailable'],
    },
  };
}

/** The schemas that only an asynchronous model's document has. */
export function asynchronousSchemas(model: Model): Record<string, JsonSchema> {
  const predictionId = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$', description: 'A ULID.' };
  const about = {
    model: { type: 'string', const: model.name },
    version: { type: 'string' },
    variant: { type: 'string', description: 'The variant of the model that answers.' },
  };
  const pending = { type: 'string', const: 'pending' };
  const warnings = { type: 'array', items: ref('Warning') };
  const stored = {
    predictionId,
    ...about,
    createdAt: { type: 'string', format: 'date-time' },
    input: { type: 'object' },
    warnings,
  };
  const feedback = { feedback: { type: 'object', description: 'As in StoredPrediction.' } };
  const storedFields = Object.keys(stored);
  return {
    PendingAnswer: object({ predictionId, status: pending, ...about, warnings }),
    PendingAnswers: object({
      status: pending,
      ...about,
      predictions: { type: 'array', items: object({ predictionId, status: pending, warnings }) },
    }),
    PendingPrediction: object({ ...stored, status: pending, ...feedback }, [...storedFields, 'status']),
    FailedPrediction: object(
      { ...stored, status: { type: 'string', const: 'failed' }, problem: ref('Problem'), ...feedback },
      [...storedFields, 'status', 'problem'],
    ),
  };
}
