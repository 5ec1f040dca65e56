import { z } from 'zod';
import { imageFields } from '../fields/image.ts';
import { validate } from '../fields/validation.ts';
import type { ImageFormat } from '../images/image-kind.ts';
import type { Model } from '../model/model.ts';
import { refused } from './requests.ts';

/** How long an upload may be used, in hours: then it is told to have expired, and is deleted. */
export const UPLOAD_HOURS = 24;

type ModelInput = Pick<Model, 'input'>;

/** What `POST /uploads` asks for, understood. */
export interface UploadRequest {
  readonly contentType: ImageFormat;
  readonly bytes: number;
}

/** What a model takes as an upload: whatever one of its fields takes. */
export function uploadLimits({ input }: ModelInput): {
  readonly formats: readonly ImageFormat[];
  readonly maxBytes: number;
} {
  const fields = [...imageFields(input).values()];
  return {
    formats: [...new Set(fields.flatMap(({ formats }) => formats))],
    maxBytes: Math.max(...fields.map(({ maxBytes }) => maxBytes)),
  };
}

/**
 * Reads the body of `POST /uploads` by a model's contract.
 * @throws {ProblemError} `invalid-input` with every offending place
 */
export function parseUpload(model: ModelInput, body: unknown): UploadRequest {
  const { formats, maxBytes } = uploadLimits(model);
  const schema = z.strictObject({
    contentType: z.enum(formats),
    bytes: z.int().min(1, 'Send the length of the file').max(maxBytes, `Send at most ${maxBytes} bytes`),
  });
  const result = validate(schema, body);
  if (!result.ok) throw refused('invalid-input', result.errors);
  return result.value;
}
