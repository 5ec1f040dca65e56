import { ulid } from 'ulid';
import { CHAMPION } from '../../contract/answering-variant.ts';
import type { ArtifactModel } from '../../contract/model.ts';
import { sageMakerQueue } from '../asynchronous/invoker.ts';
import { dynamoDbOutcomes } from '../asynchronous/outcome-store.ts';
import { s3Payloads } from '../asynchronous/payloads.ts';
import { readEnvironment } from '../environment.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';
import { type SubmitPorts, submit } from '../operations/submit.ts';

/** The function behind `POST /predictions` of an asynchronous model. */
export function createHandler(model: ArtifactModel): ApiHandler {
  const environment = readEnvironment([
    'TABLE_NAME',
    'RETENTION_DAYS',
    'ENDPOINT_NAME',
    'INFERENCE_BUCKET',
    'INVOCATION_TIMEOUT_SECONDS',
    'MAX_WAIT_SECONDS',
  ]);
  const limits = {
    timeoutSeconds: environment.INVOCATION_TIMEOUT_SECONDS,
    maxWaitSeconds: environment.MAX_WAIT_SECONDS,
  };
  const ports: SubmitPorts = {
    model,
    payloads: s3Payloads(environment.INFERENCE_BUCKET),
    invoke: sageMakerQueue(environment.ENDPOINT_NAME, limits),
    outcomes: dynamoDbOutcomes(environment.TABLE_NAME),
    limits,
    variant: CHAMPION,
    retentionDays: environment.RETENTION_DAYS,
    now: Date.now,
    newId: ulid,
  };
  return apiHandler((request) => submit(ports, request));
}
