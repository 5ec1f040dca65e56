import { z } from 'zod';
import { AWS_LIMITS } from '../limits/aws-limits.ts';
import { instanceType } from './instance-type.ts';

const positiveInt = z.int().positive();

/** Predictions for whole files: what a transform job runs on, beside whatever serves single requests. */
export const batchSchema = z.strictObject({
  instanceType,
  instances: positiveInt.default(1),
  /** Inputs that the model is sent at once, where they are not too large together (see {@link BATCH_REQUEST_BYTES}). */
  recordsPerRequest: positiveInt.max(10_000).default(1000),
  /** Requests that one instance works on at a time. */
  requestsPerInstance: positiveInt.max(AWS_LIMITS.transformConcurrency.value).default(4),
  /** What the model may take for one request. */
  requestTimeoutSeconds: positiveInt.max(AWS_LIMITS.transformTimeoutSeconds.value).default(600),
  /** After so many hours a transform job is given up, and the execution fails: before what lies in between expires. */
  maxHours: positiveInt.max(120).default(24),
  /** Days after which inputs and results are deleted. */
  expireDays: positiveInt.default(30),
});

export type Batch = z.output<typeof batchSchema>;

/** What one request of a transform job may hold, in MB: what the model server takes in a body. */
export const BATCH_PAYLOAD_MB = 6;

/** The same in bytes, with room for what SageMaker counts besides. */
export const BATCH_REQUEST_BYTES = BATCH_PAYLOAD_MB * 1024 * 1024 - 64 * 1024;

/** The folders of a batch bucket. People write to `incoming` and read `results`; `work` is what lies in between. */
export const BATCH_FOLDERS = { incoming: 'incoming', work: 'work', results: 'results' } as const;

/** What ends a transform job's name: a digest of its execution's. An account has far fewer than collisions would take. */
export const JOB_DIGEST_LENGTH = 12;

/** The names of input objects end so; others are left alone. */
export const BATCH_SUFFIX = '.jsonl';
