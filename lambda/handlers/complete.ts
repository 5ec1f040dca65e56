import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { dynamoDbOutcomes } from '../asynchronous/outcome-store.ts';
import { s3Payloads } from '../asynchronous/payloads.ts';
import { sqsCallbackQueue } from '../callbacks/callback-queue.ts';
import { complete } from '../completion/complete.ts';
import { readEnvironment } from '../environment.ts';
import { deadlineOf } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';
import { codecNamed } from '../predictors/codec.ts';
import { dynamoDbShadowStore } from '../variants/shadow-store.ts';
import {
  collectGolden,
  type GoldenCollection,
  type GoldenOutcome,
  isGoldenCollection,
} from '../verification/golden-collection.ts';

/** What is kept back for reporting the batch's outcome, in milliseconds. */
const REPORT_RESERVE_MS = 1000;

type CompleteHandler = (
  event: SQSEvent | GoldenCollection,
  context: Context,
) => Promise<SQSBatchResponse | GoldenOutcome>;

/**
 * The function behind the queue of the notifications of an asynchronous model's endpoints, which a verification asks too, by
 * itself.
 */
export function createHandler(model: ArtifactModel): CompleteHandler {
  const { TABLE_NAME, INFERENCE_BUCKET, CODEC, CALLBACK_QUEUE_URL } = readEnvironment([
    'TABLE_NAME',
    'INFERENCE_BUCKET',
    'CODEC',
    'CALLBACK_QUEUE_URL',
  ]);
  const ports = {
    model,
    codec: codecNamed(CODEC),
    payloads: s3Payloads(INFERENCE_BUCKET),
    outcomes: dynamoDbOutcomes(TABLE_NAME),
    shadowStore: dynamoDbShadowStore(TABLE_NAME),
    callbacks: CALLBACK_QUEUE_URL === undefined ? undefined : sqsCallbackQueue(CALLBACK_QUEUE_URL),
  };
  return async (event, context) => {
    if (isGoldenCollection(event)) return collectGolden(ports, event, context);
    logger.addContext(context);
    try {
      return await complete(
        ports,
        event.Records,
        AbortSignal.timeout(deadlineOf(context).remainingMs(REPORT_RESERVE_MS)),
      );
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
