import { decodeTime } from 'ulid';
import { ULID } from '../../contract/fields/ulid.ts';
import { tooManyBytes } from '../../contract/images/image-check.ts';
import { UnavailableUpload, UploadedFile } from '../../contract/images/uploaded-file.ts';
import type { FindUpload } from '../../contract/requests/upload-references.ts';
import { UPLOAD_HOURS } from '../../contract/requests/uploads.ts';
import type { ApiRequest } from '../http/handler.ts';
import { ANSWER_RESERVE_MS } from '../predictors/predictor.ts';
import { asStoreProblem } from '../store-errors.ts';
import { uploadKey } from './upload-key.ts';
import type { Uploads } from './uploads.ts';

export interface FindUploadPorts {
  readonly uploads: Uploads;
  readonly now: () => number;
}

/** Finds what the caller of one request has uploaded. */
export function findUpload({ uploads, now }: FindUploadPorts, request: ApiRequest): FindUpload {
  return async (sent, maxBytes) => {
    const uploadId = sent.toUpperCase();
    if (!ULID.test(uploadId)) return notFound('This is not the id of an upload.');
    if (now() - decodeTime(uploadId) > UPLOAD_HOURS * 3_600_000) {
      return notFound(`This upload has expired: they are kept for ${UPLOAD_HOURS} hours.`);
    }
    const signal = AbortSignal.timeout(request.deadline.remainingMs(ANSWER_RESERVE_MS));
    const found = await available(uploads.read(uploadKey(request.identity, uploadId), maxBytes, signal));
    if (found === undefined) {
      return notFound('Nothing was uploaded under this id by this caller, or not yet.');
    }
    if ('bytes' in found) return new UnavailableUpload(tooManyBytes(found.bytes, maxBytes));
    return new UploadedFile(found.content, found.contentType);
  };
}

function notFound(why: string): UnavailableUpload {
  return new UnavailableUpload({
    code: 'upload-not-found',
    detail: `${why} Ask POST /uploads for a URL, send the file there, and send the "uploadId" here.`,
  });
}

async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asStoreProblem(error, 'Uploads can not be reached at the moment. Try again shortly.');
  }
}
