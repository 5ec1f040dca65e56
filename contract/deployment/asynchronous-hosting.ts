import { z } from 'zod';
import { callbacks } from '../api/callbacks.ts';
import { AWS_LIMITS } from '../limits/aws-limits.ts';
import { servedOnInstances } from './containers.ts';
import { instanceType } from './instance-type.ts';

const positiveInt = z.int().positive();

/** Requests wait in a queue, and instances come and go with it: for imagery, big payloads and minutes of work. */
export const asynchronousHosting = z.strictObject({
  mode: z.literal('asynchronous'),
  ...servedOnInstances,
  instanceType,
  /** With a `min` of 0, nothing runs while nothing waits; the first request then waits for an instance to start. */
  instances: z
    .strictObject({ min: z.int().nonnegative().default(0), max: positiveInt })
    .refine(({ min, max }) => min <= max, 'min is greater than max'),
  /** Requests, waiting or being worked on, that one instance is to have: more of them start another instance. */
  backlogPerInstance: z.number().positive(),
  /**
   * Requests that one instance works on at a time.
   * @default - SageMaker chooses
   */
  maxConcurrentInvocationsPerInstance: positiveInt.max(AWS_LIMITS.asynchronousConcurrency.value).optional(),
  /** What the model may take for one request. */
  timeoutSeconds: positiveInt.max(AWS_LIMITS.asynchronousTimeoutSeconds.value).default(900),
  /**
   * How long a request may wait before it is given up. Half of it is what the backlog's alarm takes for too old.
   * @default - the longest that SageMaker takes
   */
  maxWaitSeconds: z
    .int()
    .min(AWS_LIMITS.asynchronousWaitSecondsLeast.value)
    .max(AWS_LIMITS.asynchronousWaitSecondsMost.value)
    .default(AWS_LIMITS.asynchronousWaitSecondsMost.value),
  /** Days after which what the model was sent and what it answered is deleted; the predictions stay in the table. */
  expireDays: positiveInt.default(7),
  /** @default - nobody is called back: callers poll */
  callbacks: callbacks.optional(),
  scaleOutCooldownSeconds: positiveInt.default(60),
  /** @default - five minutes, or `timeoutSeconds` where that is longer: an instance should finish what it has begun */
  scaleInCooldownSeconds: positiveInt.optional(),
});
