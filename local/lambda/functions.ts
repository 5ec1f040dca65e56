import { z } from 'zod';
import type { LocalResource } from '../template/resource-types.ts';
import { functionProperties } from './properties.ts';

/** Where a function's code comes from, or why it can't run here. */
export type FunctionCode =
  | { readonly kind: 'asset'; readonly key: string }
  | { readonly kind: 'inline'; readonly source: string }
  | { readonly kind: 'not-emulated'; readonly reason: string };

/** A function of the template, ready to be run. */
export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** The construct path, for messages. */
  readonly path: string;
  readonly runtime: string;
  readonly handler: string;
  readonly code: FunctionCode;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly roleArn: string;
  /** The synthesized variables, and nothing else. */
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly logLevel: string | undefined;
  readonly reservedConcurrency: number | undefined;
  readonly hasLayers: boolean;
}

/** Names that Lambda sets itself and refuses in a function's environment (docs: "Reserved environment variables"). */
export const RESERVED_VARIABLES = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
] as const;

/** All variables of a function together, as Lambda counts them (Lambda quotas, "Environment variables": 4 KB). */
const VARIABLES_LIMIT_BYTES = 4096;

/**
 * Reads one AWS::Lambda::Function.
 * @throws {Error} where Lambda would refuse the function, naming its construct path
 */
export function readFunction(resource: LocalResource, region: string): FunctionConfig {
  const parsed = functionProperties.safeParse(resource.properties);
  if (!parsed.success) throw new Error(`${resource.path}: ${z.prettifyError(parsed.error)}`);
  const properties = parsed.data;
  const variables = properties.Environment?.Variables ?? {};
  checkVariables(resource.path, variables);
  return {
    name: resource.ref,
    arn: resource.attributes.Arn ?? resource.ref,
    region,
    path: resource.path,
    runtime: properties.Runtime ?? '',
    handler: handlerOf(properties.Handler ?? '', variables),
    code: codeOf(properties),
    timeoutSeconds: properties.Timeout,
    memoryMb: properties.MemorySize,
    roleArn: properties.Role,
    variables,
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${resource.ref}`,
    logFormat: properties.LoggingConfig?.LogFormat ?? 'Text',
    logLevel: properties.LoggingConfig?.ApplicationLogLevel,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    hasLayers: properties.Layers.length > 0,
  };
}

function codeOf(properties: z.infer<typeof functionProperties>): FunctionCode {
  if (properties.PackageType === 'Image') {
    return { kind: 'not-emulated', reason: 'functions that are container images do not run here' };
  }
  const runtime = properties.Runtime ?? '';
  if (!runtime.startsWith('nodejs')) {
    return {
      kind: 'not-emulated',
      reason: `the runtime ${runtime || '(none)'} does not run here, only Node.js does`,
    };
  }
  const { ZipFile, S3Key } = properties.Code;
  if (ZipFile !== undefined) return { kind: 'inline', source: ZipFile };
  if (S3Key !== undefined) return { kind: 'asset', key: S3Key };
  return { kind: 'not-emulated', reason: 'its code is neither inline nor a staged asset' };
}

/**
 * A handler under /opt comes from a layer, whose code is not on the laptop. The Datadog layer names the handler
 * that it wraps, which then runs without it.
 */
function handlerOf(handler: string, variables: Readonly<Record<string, string>>): string {
  return handler.startsWith('/opt/') ? (variables.DD_LAMBDA_HANDLER ?? handler) : handler;
}

function checkVariables(path: string, variables: Readonly<Record<string, string>>): void {
  const reserved = RESERVED_VARIABLES.filter((name) => name in variables);
  if (reserved.length > 0) {
    throw new Error(
      `${path}: Lambda reserves the environment variables ${reserved.join(', ')}: give them other names`,
    );
  }
  const bytes = Object.entries(variables).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key + value),
    0,
  );
  if (bytes > VARIABLES_LIMIT_BYTES) {
    throw new Error(
      `${path}: its environment variables take ${bytes} bytes; Lambda allows ${VARIABLES_LIMIT_BYTES}`,
    );
  }
}
