import { z } from 'zod';
import { AwsError } from '../../core/wire/aws-error.ts';

/** What MaxPayloadInMB and MaxConcurrentTransforms may come to together, in MB (API reference, CreateTransformJob). */
const PAYLOADS_LIMIT_MB = 100;

const s3Uri = z.string().regex(/^s3:\/\/[^/]+\/.*$/);

/** The parameters that are emulated; others are refused, because a job that ignored them would do something else. */
const schema = z
  .strictObject({
    TransformJobName: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
    ModelName: z.string(),
    BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).default('MultiRecord'),
    MaxPayloadInMB: z.int().min(0).max(PAYLOADS_LIMIT_MB).default(6),
    MaxConcurrentTransforms: z.int().min(0).default(1),
    ModelClientConfig: z
      .strictObject({
        InvocationsTimeoutInSeconds: z.int().min(1).max(3600).default(600),
        InvocationsMaxRetries: z.int().min(0).max(3).default(0),
      })
      .prefault({}),
    Environment: z.record(z.string(), z.string()).default({}),
    TransformInput: z.strictObject({
      DataSource: z.strictObject({
        S3DataSource: z.strictObject({ S3DataType: z.literal('S3Prefix'), S3Uri: s3Uri }),
      }),
      ContentType: z.string().default('application/octet-stream'),
      CompressionType: z.literal('None').default('None'),
      SplitType: z.enum(['None', 'Line']).default('None'),
    }),
    TransformOutput: z.strictObject({
      S3OutputPath: s3Uri,
      Accept: z.string().optional(),
      AssembleWith: z.enum(['None', 'Line']).default('None'),
      KmsKeyId: z.string().optional(),
    }),
    TransformResources: z.strictObject({
      InstanceType: z.string(),
      InstanceCount: z.int().positive(),
      VolumeKmsKeyId: z.string().optional(),
    }),
    Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
  })
  .refine(({ MaxPayloadInMB, MaxConcurrentTransforms }) => {
    return MaxPayloadInMB * Math.max(1, MaxConcurrentTransforms) <= PAYLOADS_LIMIT_MB;
  }, `MaxConcurrentTransforms * MaxPayloadInMB must not exceed ${PAYLOADS_LIMIT_MB} MB`)
  .refine(
    ({ BatchStrategy, TransformInput }) =>
      BatchStrategy !== 'MultiRecord' || TransformInput.SplitType !== 'None',
    'BatchStrategy MultiRecord needs a SplitType',
  );

export type TransformRequest = z.output<typeof schema>;

/** @throws {AwsError} ValidationException that names every parameter that is not usable, or not emulated */
export function parseRequest(value: unknown): TransformRequest {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AwsError(400, 'ValidationException', problems.join('; '));
}
