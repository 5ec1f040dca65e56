import {
  CALLBACK_HEADER,
  CALLBACK_ID_HEADER,
  CALLBACK_STATUSES,
  MAX_CALLBACK_URL_LENGTH,
} from '../api/callbacks.ts';
import type { JsonSchema } from '../fields/json-schema.ts';
import type { Model } from '../model/model.ts';
import { aboutProperties, ID, object, ref } from './parts.ts';

/** Where the caller wants to be told. @param hosts those that are called back */
export function callbackParameter(hosts: readonly string[]): JsonSchema {
  return {
    name: CALLBACK_HEADER,
    in: 'header',
    required: false,
    schema: { type: 'string', format: 'uri', maxLength: MAX_CALLBACK_URL_LENGTH },
    description: `Where to be told that the predictions are there, or never will be: an https URL of ${hosts.join(' or ')}, without port, credentials and fragment.`,
  };
}

/** What the caller is sent then. */
export const CALLBACKS: JsonSchema = {
  predictionsFinished: {
    [`{$request.header.${CALLBACK_HEADER}}`]: {
      post: {
        summary: 'Tells that the predictions of one request can be read',
        // Nothing proves who sends it: whoever gets it asks for the predictions, which is all it is for.
        security: [],
        parameters: [
          {
            name: CALLBACK_ID_HEADER,
            in: 'header',
            required: true,
            schema: ID,
            description: 'The same whenever the same callback comes again.',
          },
        ],
        requestBody: { required: true, content: { 'application/json': { schema: ref('Callback') } } },
        responses: {
          '2XX': { description: 'Taken.' },
          '408': { description: 'It comes again later.' },
          '429': { description: 'It comes again later.' },
          '5XX': { description: 'It comes again later.' },
          default: { description: 'Given up. No redirection is followed.' },
        },
      },
    },
  },
};

/** The schemas of a model that calls back. */
export function callbackSchemas(model: Pick<Model, 'name'>): Record<string, JsonSchema> {
  return {
    Callback: object({
      callbackId: ID,
      model: aboutProperties(model).model,
      status: { type: 'string', enum: CALLBACK_STATUSES },
      predictionIds: {
        type: 'array',
        minItems: 1,
        items: ID,
        description: 'What `GET /predictions/{id}` answers now, in the order of the inputs.',
      },
    }),
  };
}
