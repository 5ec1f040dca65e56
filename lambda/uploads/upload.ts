import type { Model } from '../../contract/model/model.ts';
import { parseBody } from '../../contract/requests/requests.ts';
import { parseUpload } from '../../contract/requests/uploads.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { logger } from '../observability.ts';
import { uploadKey } from './upload-key.ts';
import type { SignUpload } from './uploads.ts';

/** What answering where to upload needs of the world. */
export interface UploadPorts {
  readonly model: Model;
  readonly sign: SignUpload;
  readonly now: () => number;
  /** A new, sortable id (ULID) for a time in milliseconds. */
  readonly newId: (now: number) => string;
}

/** How long a URL takes the file: enough for a slow connection, and soon of no use to whoever finds it. */
const URL_SECONDS = 15 * 60;

/** `POST /uploads`: a URL to which the caller may send one file of the type and length that it states. */
export async function upload(
  { model, sign, now, newId }: UploadPorts,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const { contentType, bytes } = parseUpload(model, parseBody(request.body));
  const at = now();
  const uploadId = newId(at);
  const key = uploadKey(request.identity, uploadId);
  const url = await sign({ key, contentType, bytes, expiresInSeconds: URL_SECONDS });
  // Never the URL: whoever reads it may use it.
  logger.info('upload offered', { uploadId, contentType, bytes });
  return {
    status: 201,
    body: {
      uploadId,
      url,
      method: 'PUT',
      headers: { 'Content-Type': contentType, 'Content-Length': String(bytes) },
      expiresAt: new Date(at + URL_SECONDS * 1000).toISOString(),
    },
  };
}
