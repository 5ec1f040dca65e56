import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';
import type { QueueSettings } from './queue.ts';

/** Bytes: what a queue accepts where its template sets no limit. */
const DEFAULT_MAXIMUM_MESSAGE_SIZE = 1_048_576;

const queueSchema = z.looseObject({
  FifoQueue: z.boolean().default(false),
  VisibilityTimeout: z.coerce.number().default(30),
  DelaySeconds: z.coerce.number().default(0),
  MessageRetentionPeriod: z.coerce.number().default(345_600),
  ReceiveMessageWaitTimeSeconds: z.coerce.number().default(0),
  MaximumMessageSize: z.coerce.number().default(DEFAULT_MAXIMUM_MESSAGE_SIZE),
  RedrivePolicy: z
    .looseObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().positive() })
    .optional(),
});

/** Reads a queue of a template; undefined for a FIFO queue, which is not emulated. */
export function readSettings(resource: LocalResource): QueueSettings | undefined {
  const queue = queueSchema.parse(resource.properties);
  const { QueueName: name, Arn: arn } = resource.attributes;
  if (name === undefined || arn === undefined) throw new Error(`${resource.path}: the queue has no name`);
  if (queue.FifoQueue || name.endsWith('.fifo')) return undefined;
  const { RedrivePolicy: redrive } = queue;
  return {
    name,
    arn,
    path: resource.path,
    visibilityTimeoutSeconds: queue.VisibilityTimeout,
    delaySeconds: queue.DelaySeconds,
    retentionSeconds: queue.MessageRetentionPeriod,
    receiveWaitSeconds: queue.ReceiveMessageWaitTimeSeconds,
    maximumMessageSize: queue.MaximumMessageSize,
    redrive: redrive && {
      deadLetterTargetArn: redrive.deadLetterTargetArn,
      maxReceiveCount: redrive.maxReceiveCount,
    },
  };
}
