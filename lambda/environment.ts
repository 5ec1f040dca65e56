import { z } from 'zod';
import { CODECS } from '../contract/tensors/codecs.ts';

const variant = {
  name: z.string().min(1),
  version: z.string().min(1),
  /** Absent where the variant runs inside the function. */
  endpointName: z.string().min(1).optional(),
};

/** A value that is written as JSON. */
function json<S extends z.ZodType>(schema: S) {
  const parsed = z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  });
  return parsed.pipe(schema);
}

/** Every environment variable that a handler may need, as its stack writes it. */
const VARIABLES = {
  /** The deployment environment, for example `prod`. */
  MODEL_ENVIRONMENT: z.string().min(1),
  /** What answers, by weight; the champion is first and has its endpoint in ENDPOINT_NAME. */
  VARIANTS: json(z.array(z.strictObject({ ...variant, weight: z.number().min(0) })).min(1)),
  /** What is asked without answering. */
  SHADOWS: json(z.array(z.strictObject(variant))),
  SHADOW_BUDGET_MS: z.coerce.number().int().positive(),
  TABLE_NAME: z.string().min(3),
  CAPTURE_QUEUE_URL: z.url(),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  ENDPOINT_NAME: z.string().min(1),
  /** What of the endpoint answers, where it holds inference components; absent where it holds the model itself. */
  INFERENCE_COMPONENT_NAME: z.string().min(1).optional(),
  /** What the endpoint takes in one invocation. */
  PAYLOAD_LIMIT_BYTES: z.coerce.number().int().positive(),
  /** How tensors travel to the endpoint's container and back. */
  CODEC: z.enum(CODECS),
  /** How the API is closed. */
  ACCESS_KIND: z.enum(['api-key', 'iam', 'jwt']),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  JWKS_URL: z.url(),
  /** The deployment's hosting mode. */
  HOSTING_MODE: z.enum(['lambda', 'serverless', 'realtime', 'asynchronous']),
  /** Where requests and answers of an asynchronous endpoint lie. */
  INFERENCE_BUCKET: z.string().min(3),
  /** Where images lie that callers have uploaded. */
  UPLOAD_BUCKET: z.string().min(3),
  /** What an asynchronous endpoint's model may take, and how long a request may wait for it. */
  INVOCATION_TIMEOUT_SECONDS: z.coerce.number().int().positive(),
  MAX_WAIT_SECONDS: z.coerce.number().int().positive(),
  /** Which hosts are called back; absent where nobody is. */
  CALLBACK_HOSTS: json(z.array(z.string().min(1)).min(1)).optional(),
  /** Where callbacks wait to be made; absent where nobody is called back. */
  CALLBACK_QUEUE_URL: z.url().optional(),
  /** Set by the local cloud, and by no template. */
  LOCAL_CLOUD: z.literal('true').optional(),
  /** Where batches are read from and written to, and how they go to the model. */
  BATCH_BUCKET: z.string().min(3),
  RECORDS_PER_REQUEST: z.coerce.number().int().positive(),
  TRANSFORM_JOB_PREFIX: z.string().min(1),
  AVAILABILITY_PERCENT: z.coerce.number().gt(0).lt(100),
  LATENCY_P95_MS: z.coerce.number().positive(),
} as const;

type Variables = typeof VARIABLES;
type Values<K extends keyof Variables> = { readonly [N in K]: z.output<Variables[N]> };

/**
 * Reads the named variables once, at a function's start.
 * @throws {Error} that names every missing or unusable variable.
 */
export function readEnvironment<K extends keyof Variables>(
  names: readonly K[],
  source: NodeJS.ProcessEnv = process.env,
): Values<K> {
  const problems: string[] = [];
  const entries = names.map((name) => {
    const result = VARIABLES[name].safeParse(source[name]);
    if (!result.success)
      problems.push(`${name} ${source[name] === undefined ? 'is not set' : 'is not usable'}`);
    return [name, result.data] as const;
  });
  if (problems.length > 0) throw new Error(`environment: ${problems.join(', ')}`);
  return Object.fromEntries(entries) as Values<K>;
}
