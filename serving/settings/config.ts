import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

const integer = (min: number, max: number, byDefault: number) =>
  z.coerce.number<string>().int().min(min).max(max).default(byDefault);

const environment = z.object({
  /** SageMaker chooses the port by this variable when several containers share a host. */
  SAGEMAKER_BIND_TO_PORT: integer(0, 65_535, 8080),
  /** SageMaker reaches the container from outside of it; on a laptop set 127.0.0.1. */
  BIND_ADDRESS: z.string().min(1).default('0.0.0.0'),
  MODEL_DIR: z.string().min(1).default('/opt/ml/model'),
  /** 6 MiB is the payload of a realtime invocation, 25 MB the highest that SageMaker grants. */
  MAX_BODY_BYTES: integer(1, 25 * MEBIBYTE, 6 * MEBIBYTE),
  MAX_PENDING_REQUESTS: integer(1, 100_000, 256),
  MAX_PENDING_BYTES: integer(1, 1024 * MEBIBYTE, 64 * MEBIBYTE),
  MAX_BATCH_ROWS: integer(1, 100_000, 256),
  INTRA_OP_THREADS: integer(0, 256, 0),
  /** SageMaker kills a container 30 s after SIGTERM. */
  GRACE_PERIOD_MS: integer(0, 600_000, 25_000),
  /** SageMaker gives a realtime invocation 60 s. */
  RUN_TIMEOUT_MS: integer(1, 3_600_000, 60_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** The server's settings. See the image's README for what each variable does. */
export interface Config {
  /** 0 is any free port; the log's `listening` line names it. */
  readonly port: number;
  readonly address: string;
  readonly modelDir: string;
  readonly maxBodyBytes: number;
  /** Most requests that are being read, waiting or running at a time; more are answered 503. */
  readonly maxPendingRequests: number;
  /** Most bytes that the bodies of those requests may have together. */
  readonly maxPendingBytes: number;
  /** Most rows in a run of several requests; 1 switches batching off. model.json may lower it. */
  readonly maxBatchRows: number;
  /** Threads of one run; 0 leaves it to ONNX Runtime (one per core). */
  readonly intraOpThreads: number;
  /** How long requests in flight may take after SIGTERM. */
  readonly gracePeriodMs: number;
  /** A run that takes longer makes /ping unhealthy. */
  readonly runTimeoutMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/**
 * Reads the environment, once.
 *
 * @throws Error naming every variable that is not usable
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`the environment is not usable: ${problems.join('; ')}`);
  }
  const values = parsed.data;
  return {
    port: values.SAGEMAKER_BIND_TO_PORT,
    address: values.BIND_ADDRESS,
    modelDir: values.MODEL_DIR,
    maxBodyBytes: values.MAX_BODY_BYTES,
    maxPendingRequests: values.MAX_PENDING_REQUESTS,
    maxPendingBytes: values.MAX_PENDING_BYTES,
    maxBatchRows: values.MAX_BATCH_ROWS,
    intraOpThreads: values.INTRA_OP_THREADS,
    gracePeriodMs: values.GRACE_PERIOD_MS,
    runTimeoutMs: values.RUN_TIMEOUT_MS,
    logLevel: values.LOG_LEVEL,
  };
}
