import type { Context } from 'aws-lambda';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { prepareEventSchema } from '../batch/events.ts';
import { s3BatchObjects } from '../batch/objects.ts';
import { batchPrepare, type PrepareAnswer } from '../batch/prepare.ts';
import { readEnvironment } from '../environment.ts';
import { deadlineOf } from '../http/deadline.ts';
import { logger } from '../observability.ts';
import { codecNamed } from '../predictors/codec.ts';

/** The function behind the first step of a batch. */
export function createHandler(
  model: ArtifactModel,
): (event: unknown, context: Context) => Promise<PrepareAnswer> {
  const { BATCH_BUCKET, CODEC, RECORDS_PER_REQUEST, TRANSFORM_JOB_PREFIX } = readEnvironment([
    'BATCH_BUCKET',
    'CODEC',
    'RECORDS_PER_REQUEST',
    'TRANSFORM_JOB_PREFIX',
  ]);
  const ports = {
    model,
    codec: codecNamed(CODEC),
    objects: s3BatchObjects(BATCH_BUCKET),
    recordsPerRequest: RECORDS_PER_REQUEST,
    jobPrefix: TRANSFORM_JOB_PREFIX,
  };
  return (event, context) => {
    logger.addContext(context);
    const { awsRequestId: requestId } = context;
    return batchPrepare(
      { ...ports, requestId, deadline: deadlineOf(context) },
      prepareEventSchema.parse(event),
    );
  };
}
