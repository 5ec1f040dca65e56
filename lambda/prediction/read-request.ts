import { type CallbackRule, callbackUrl } from '../../contract/api/callbacks.ts';
import { MAX_BODY_BYTES } from '../../contract/api/routes.ts';
import { takesImages } from '../../contract/fields/image.ts';
import type { Model } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { type PredictionsRequest, parseBody, parsePredictions } from '../../contract/requests/requests.ts';
import { withUploads } from '../../contract/requests/upload-references.ts';
import type { ApiRequest } from '../http/handler.ts';
import { findUpload } from '../uploads/find-upload.ts';
import type { Uploads } from '../uploads/uploads.ts';

export interface ReadRequestPorts {
  readonly model: Model;
  /** @default - the model takes none */
  readonly uploads?: Uploads | undefined;
  /** @default - the model makes no callbacks */
  readonly callbacks?: CallbackRule | undefined;
  readonly now: () => number;
}

/** A request for predictions, with what it says besides its body. */
export interface ReceivedRequest extends PredictionsRequest {
  /** Where its caller wants to be told. */
  readonly callbackUrl: string | undefined;
}

/**
 * The request for predictions in a body, with what it names of uploads. A callback that is not made is refused and not
 * forgotten, also where the answer comes at once: its caller would wait for it.
 * @throws {ProblemError} with what is wrong with it
 */
export async function readRequest(
  { model, uploads, callbacks, now }: ReadRequestPorts,
  request: ApiRequest,
): Promise<ReceivedRequest> {
  const called = request.callbackUrl === undefined ? undefined : callbackUrl(request.callbackUrl, callbacks);
  refuseLargeBody(model, request.body);
  const sent = parseBody(request.body);
  const body =
    uploads === undefined ? sent : await withUploads(model, sent, findUpload({ uploads, now }, request));
  return { ...parsePredictions(model, body), callbackUrl: called };
}

function refuseLargeBody(model: Model, body: string | null): void {
  const bytes = Buffer.byteLength(body ?? '');
  if (bytes <= MAX_BODY_BYTES) return;
  const instead = takesImages(model)
    ? 'Upload the image instead: POST /uploads answers where to, and what to send here.'
    : 'Send fewer inputs in one request.';
  throw new ProblemError(
    'payload-too-large',
    `The body has ${bytes} bytes; at most ${MAX_BODY_BYTES} are taken. ${instead}`,
  );
}
