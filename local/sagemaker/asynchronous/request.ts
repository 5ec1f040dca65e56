import { z } from 'zod';

export const queuedRequestSchema = z.strictObject({
  inferenceId: z.string(),
  inputLocation: z.string(),
  outputLocation: z.string(),
  failureLocation: z.string().optional(),
  /** What the container gets besides the body. */
  headers: z.record(z.string(), z.string()),
  timeoutSeconds: z.int(),
  /** Seconds after which the request is given up, should it still wait. */
  timeToLiveSeconds: z.int(),
  /** Milliseconds since the epoch. */
  receivedAt: z.int(),
});

/** A request in an endpoint's queue, as it lies on disk. */
export type QueuedRequest = z.infer<typeof queuedRequestSchema>;
