import type { JsonSchema } from '../fields/json-schema.ts';
import type { Model } from '../model/model.ts';
import { UPLOAD_HOURS, uploadLimits } from '../requests/uploads.ts';
import { type Exchange, ID, object, ref } from './parts.ts';

/** `POST /uploads`, which only models with images have. */
export function uploadExchange(): Exchange {
  return {
    request: ref('UploadRequest'),
    status: 201,
    description: 'Where to send the file, with exactly this method and these headers.',
    response: ref('UploadAnswer'),
    steps: ['read-body'],
  };
}

/** The schemas of that route. */
export function uploadSchemas(model: Pick<Model, 'input'>): Record<string, JsonSchema> {
  return {
    UploadRequest: uploadRequestSchema(model),
    UploadAnswer: object({
      uploadId: {
        ...ID,
        description: `What a prediction takes in the place of the file, for ${UPLOAD_HOURS} hours.`,
      },
      url: { type: 'string', format: 'uri' },
      method: { type: 'string', const: 'PUT' },
      headers: { type: 'object', additionalProperties: { type: 'string' } },
      expiresAt: { type: 'string', format: 'date-time', description: 'Until when the URL takes the file.' },
    }),
  };
}

/** The body of `POST /uploads`. */
export function uploadRequestSchema(model: Pick<Model, 'input'>): JsonSchema {
  const { formats, maxBytes } = uploadLimits(model);
  return object({
    contentType: { type: 'string', enum: formats, description: 'What the file is.' },
    bytes: { type: 'integer', minimum: 1, maximum: maxBytes, description: 'Its exact length.' },
  });
}
