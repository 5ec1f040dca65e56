import { z } from 'zod';

const flag = z.union([z.boolean(), z.stringbool()]);
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text).default({});

/** The properties that take effect on the laptop, by CloudFormation type. */
export const restApiProperties = z.looseObject({
  Name: z.string().optional(),
  ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).default('HEADER'),
  BinaryMediaTypes: z.array(z.string()).default([]),
  Body: z.unknown().optional(),
  BodyS3Location: z.unknown().optional(),
});

export const resourceProperties = z.looseObject({
  RestApiId: z.string(),
  ParentId: z.string(),
  PathPart: z.string(),
});

const mockResponse = z.looseObject({
  StatusCode: z.coerce.number(),
  SelectionPattern: z.string().optional(),
  ResponseParameters: texts,
  ResponseTemplates: texts,
});

export const integrationProperties = z.looseObject({
  Type: z.enum(['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK']).default('MOCK'),
  Uri: z.string().optional(),
  TimeoutInMillis: z.coerce.number().optional(),
  RequestTemplates: texts,
  IntegrationResponses: z.array(mockResponse).default([]),
});

export type IntegrationProperties = z.infer<typeof integrationProperties>;

export const methodProperties = z.looseObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  ApiKeyRequired: flag.default(false),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
  RequestValidatorId: z.string().optional(),
  RequestModels: texts,
  RequestParameters: z.record(z.string(), z.union([flag, z.unknown()])).default({}),
  Integration: integrationProperties.optional(),
});

export const validatorProperties = z.looseObject({
  RestApiId: z.string(),
  ValidateRequestBody: flag.default(false),
  ValidateRequestParameters: flag.default(false),
});

export const modelProperties = z.looseObject({
  RestApiId: z.string(),
  Schema: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

export const gatewayResponseProperties = z.looseObject({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseParameters: texts,
  ResponseTemplates: texts,
});

export const stageProperties = z.looseObject({
  RestApiId: z.string(),
  StageName: z.string(),
  DeploymentId: z.string().default(''),
  Variables: texts,
  TracingEnabled: flag.default(false),
  AccessLogSetting: z
    .looseObject({ DestinationArn: z.string().optional(), Format: z.string().optional() })
    .optional(),
  MethodSettings: z
    .array(
      z.looseObject({
        ResourcePath: z.string().default('/*'),
        HttpMethod: z.string().default('*'),
        ThrottlingRateLimit: z.coerce.number().optional(),
        ThrottlingBurstLimit: z.coerce.number().optional(),
        MetricsEnabled: flag.optional(),
      }),
    )
    .default([]),
});

export const authorizerProperties = z.looseObject({
  RestApiId: z.string(),
  Type: z.string(),
  AuthorizerUri: z.string().default(''),
  IdentitySource: z.string().default('method.request.header.Authorization'),
  IdentityValidationExpression: z.string().optional(),
  AuthorizerResultTtlInSeconds: z.coerce.number().default(300),
});
