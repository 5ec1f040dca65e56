import { ulid } from 'ulid';
import type { Model } from '../../contract/model/model.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import { s3Signer } from '../uploads/s3-signer.ts';
import { upload } from '../uploads/upload.ts';

/** The function behind `POST /uploads`. */
export function createHandler(model: Model): ApiHandler {
  const { UPLOAD_BUCKET } = readEnvironment(['UPLOAD_BUCKET']);
  const ports = { model, sign: s3Signer(UPLOAD_BUCKET), now: Date.now, newId: ulid };
  return apiHandler((request) => upload(ports, request));
}
