import { z } from 'zod';

/** Every environment variable that a handler may need, as its stack writes it. */
const VARIABLES = {
  /** The deployment environment, for example `prod`. */
  MODEL_ENVIRONMENT: z.string().min(1),
  /** Name of the production variant that answers. */
  VARIANT: z.string().min(1),
  TABLE_NAME: z.string().min(3),
  CAPTURE_QUEUE_URL: z.url(),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  ENDPOINT_NAME: z.string().min(1),
  /** What the endpoint takes in one invocation. */
  PAYLOAD_LIMIT_BYTES: z.coerce.number().int().positive(),
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
