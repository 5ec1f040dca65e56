import type { Model } from '../../contract/model/model.ts';
import { dynamoDbStore } from '../capture/dynamodb-store.ts';
import { readEnvironment } from '../environment.ts';
import { addFeedback } from '../feedback/feedback.ts';
import { type ApiHandler, apiHandler } from '../http/handler.ts';

/** The function behind `POST /predictions/{id}/feedback`. */
export function createHandler(model: Model): ApiHandler {
  const { TABLE_NAME, RETENTION_DAYS } = readEnvironment(['TABLE_NAME', 'RETENTION_DAYS']);
  const ports = { model, store: dynamoDbStore(TABLE_NAME), retentionDays: RETENTION_DAYS, now: Date.now };
  return apiHandler((request) => addFeedback(ports, request));
}
