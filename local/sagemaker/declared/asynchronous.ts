import { z } from 'zod';

/** What SageMaker chooses where the template does not say is not published; this many keep a laptop busy. */
const DEFAULT_CONCURRENCY = 4;

const configSchema = z.looseObject({
  OutputConfig: z.looseObject({
    S3OutputPath: z.string(),
    S3FailurePath: z.string().optional(),
    NotificationConfig: z
      .looseObject({ SuccessTopic: z.string().optional(), ErrorTopic: z.string().optional() })
      .default({}),
  }),
  ClientConfig: z
    .looseObject({ MaxConcurrentInvocationsPerInstance: z.coerce.number().int().positive().optional() })
    .default({}),
});

/** The asynchronous side of an endpoint, as its config declares it. */
export interface DeclaredAsynchronous {
  /** Without a slash at the end. */
  readonly outputPath: string;
  readonly failurePath: string | undefined;
  readonly successTopicArn: string | undefined;
  readonly errorTopicArn: string | undefined;
  /** Requests that one instance works on at a time. */
  readonly concurrencyPerInstance: number;
}

/** An `AsyncInferenceConfig`. */
export const asynchronousSchema = configSchema.transform(
  ({ OutputConfig, ClientConfig }): DeclaredAsynchronous => ({
    outputPath: withoutSlash(OutputConfig.S3OutputPath),
    failurePath: OutputConfig.S3FailurePath && withoutSlash(OutputConfig.S3FailurePath),
    successTopicArn: OutputConfig.NotificationConfig.SuccessTopic,
    errorTopicArn: OutputConfig.NotificationConfig.ErrorTopic,
    concurrencyPerInstance: ClientConfig.MaxConcurrentInvocationsPerInstance ?? DEFAULT_CONCURRENCY,
  }),
);

function withoutSlash(uri: string): string {
  return uri.replace(/\/$/, '');
}
