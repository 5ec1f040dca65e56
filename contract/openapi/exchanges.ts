import { CALLER_HEADER, type ROUTES } from '../api/routes.ts';
import type { JsonSchema } from '../fields/json-schema.ts';
import type { Model } from '../model/model.ts';
import { type Exchange, ref } from './parts.ts';
import { requestSteps } from './steps.ts';

/** Who is asked for: every way of answering predictions has variants. */
export const CALLER: JsonSchema = {
  name: CALLER_HEADER,
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description:
    'Who is asked for, where one API key asks for many: the same value is answered by the same variant.',
};

/** What the routes of every model take and answer, where predictions are answered at once. */
export function synchronousExchanges(
  model: Pick<Model, 'input'>,
): Record<(typeof ROUTES)[number]['id'], Exchange> {
  return {
    createPredictions: {
      parameters: [CALLER],
      request: ref('PredictionsRequest'),
      status: 200,
      description: 'One answer for `input`, a list of them for `inputs`.',
      response: { oneOf: [ref('PredictionAnswer'), ref('PredictionsAnswer')] },
      steps: [...requestSteps(model), 'ask-model'],
    },
    getPrediction: {
      status: 200,
      description: 'The stored prediction, with its feedback if there is any.',
      response: ref('StoredPrediction'),
      steps: ['find-prediction'],
    },
    createFeedback: {
      request: ref('FeedbackRequest'),
      status: 201,
      description: 'Stored.',
      response: ref('FeedbackAnswer'),
      steps: ['read-body', 'find-prediction', 'add-feedback'],
    },
    getHealth: {
      status: 200,
      description: 'The model answers.',
      response: ref('Health'),
      steps: ['ask-model'],
    },
    getModel: { status: 200, description: 'The model card.', response: { type: 'object' }, steps: [] },
    getOpenApi: {
      status: 200,
      description: 'The OpenAPI document.',
      response: { type: 'object' },
      steps: [],
    },
  };
}
