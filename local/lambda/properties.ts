import { z } from 'zod';

/** CloudFormation writes numbers and booleans as strings wherever it likes. */
const integer = z.coerce.number().int();
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The properties of AWS::Lambda::Function that take effect on the laptop. */
export const functionProperties = z.looseObject({
  Code: z.looseObject({
    S3Key: z.string().optional(),
    ZipFile: z.string().optional(),
    ImageUri: z.string().optional(),
  }),
  Handler: z.string().optional(),
  Runtime: z.string().optional(),
  PackageType: z.enum(['Zip', 'Image']).default('Zip'),
  Timeout: integer.default(3),
  MemorySize: integer.default(128),
  Role: z.string(),
  Environment: z.looseObject({ Variables: z.record(z.string(), text).default({}) }).optional(),
  LoggingConfig: z
    .looseObject({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['Text', 'JSON']).default('Text'),
      ApplicationLogLevel: z.string().optional(),
    })
    .optional(),
  ReservedConcurrentExecutions: integer.optional(),
  Layers: z.array(z.string()).default([]),
});

export const aliasProperties = z.looseObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string(),
  ProvisionedConcurrencyConfig: z
    .looseObject({ ProvisionedConcurrentExecutions: integer.positive() })
    .optional(),
});

export const versionProperties = z.looseObject({ FunctionName: z.string() });

export const permissionProperties = z.looseObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});

export const eventSourceMappingProperties = z.looseObject({
  EventSourceArn: z.string().optional(),
  FunctionName: z.string(),
  /** 10 is Lambda's default for a queue. */
  BatchSize: integer.default(10),
  Enabled: z.union([z.boolean(), z.stringbool()]).default(true),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.unknown().optional(),
});
