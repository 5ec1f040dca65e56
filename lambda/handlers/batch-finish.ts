import type { Context } from 'aws-lambda';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { finishEventSchema } from '../batch/events.ts';
import { batchExplain, type Explanation } from '../batch/explain.ts';
import { batchFinish, type FinishAnswer } from '../batch/finish.ts';
import { s3BatchObjects } from '../batch/objects.ts';
import { readEnvironment } from '../environment.ts';
import { deadlineOf } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';
import { codecNamed } from '../predictors/codec.ts';

/** The function behind the last step of a batch, and behind the one that tells why there is none. */
export function createHandler(
  model: ArtifactModel,
): (event: unknown, context: Context) => Promise<FinishAnswer | Explanation> {
  const { BATCH_BUCKET, CODEC } = readEnvironment(['BATCH_BUCKET', 'CODEC']);
  const objects = s3BatchObjects(BATCH_BUCKET);
  const codec = codecNamed(CODEC);
  return async (event, context) => {
    logger.addContext(context);
    const ports = {
      model,
      codec,
      objects,
      requestId: context.awsRequestId,
      deadline: deadlineOf(context),
      now: Date.now,
    };
    const request = finishEventSchema.parse(event);
    try {
      return await (request.task === 'finish' ? batchFinish(ports, request) : batchExplain(ports, request));
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
