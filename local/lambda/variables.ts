import type { FunctionConfig } from './functions.ts';

/** What a function's environment depends on besides its template. */
export interface Surroundings {
  readonly taskRoot: string;
  readonly runtimeDir: string;
  /** `host:port` of the runtime API. */
  readonly runtimeApi: string;
  readonly version: string;
  readonly logStream: string;
  readonly frontDoorUrl: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/**
 * The whole environment of an execution environment: the synthesized variables and those that Lambda defines
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Nothing of the developer's own.
 */
export function environmentVariables(config: FunctionConfig, around: Surroundings): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...config.variables,
    AWS_REGION: config.region,
    AWS_DEFAULT_REGION: config.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: around.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: around.logStream,
    AWS_LAMBDA_LOG_FORMAT: config.logFormat,
    ...(config.logLevel !== undefined && { AWS_LAMBDA_LOG_LEVEL: config.logLevel }),
    AWS_LAMBDA_RUNTIME_API: around.runtimeApi,
    AWS_ACCESS_KEY_ID: around.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: around.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: around.credentials.sessionToken,
    // What AWS does not set: this leads every SDK client to the local cloud,
    AWS_ENDPOINT_URL: around.frontDoorUrl,
    // and this says that it is one, for what would be wrong to allow anywhere else.
    LOCAL_CLOUD: 'true',
    // The deployed runtime is newer than this machine's Node.js may be: a warning about that would be about the laptop.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LAMBDA_TASK_ROOT: around.taskRoot,
    LAMBDA_RUNTIME_DIR: around.runtimeDir,
    _HANDLER: config.handler,
  };
}
