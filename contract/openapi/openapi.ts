import { type KnownRoute, type Route, routesOf, UPLOAD_ROUTE } from '../api/routes.ts';
import type { AccessKind } from '../deployment/deployment.ts';
import { takesImages } from '../fields/image.ts';
import { inputJsonSchema, type JsonSchema, outputJsonSchema } from '../fields/json-schema.ts';
import { exampleOf, feedbackSchema, type Model } from '../model/model.ts';
import {
  ITEM_CODES,
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemCode,
  problemType,
} from '../problems/problems.ts';
import { maxInputs } from '../requests/request-images.ts';
import { asynchronousExchanges, asynchronousSchemas } from './asynchronous.ts';
import { synchronousExchanges } from './exchanges.ts';
import { aboutProperties, type Exchange, ID, object, ref, WARNINGS } from './parts.ts';
import { problemsOf } from './steps.ts';
import { uploadExchange, uploadSchemas } from './uploads.ts';

/** Problems that any route may answer with. */
const COMMON: Readonly<Record<AccessKind, readonly ProblemCode[]>> = {
  'api-key': [
    'api-key-invalid',
    'request-blocked',
    'rate-limit-exceeded',
    'quota-exceeded',
    'internal-error',
  ],
  jwt: ['unauthorized', 'request-blocked', 'rate-limit-exceeded', 'internal-error'],
  iam: ['unauthorized', 'access-denied', 'request-blocked', 'rate-limit-exceeded', 'internal-error'],
};

/** How a client shows who it is, in the document's terms. */
const SECURITY_SCHEMES: Readonly<Record<AccessKind, Readonly<Record<string, JsonSchema>>>> = {
  'api-key': { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
  jwt: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  // OpenAPI has no scheme for Signature Version 4: this is how API Gateway exports it.
  iam: {
    sigv4: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      'x-amazon-apigateway-authtype': 'awsSigv4',
      description: 'AWS Signature Version 4 for the service execute-api.',
    },
  },
};

/** How a model answers. */
export interface Answering {
  /** Whether predictions are accepted first and answered later. @default false */
  readonly isAsynchronous?: boolean;
  /** The hosts that are called back then. @default - nobody is called back */
  readonly callbackHosts?: readonly string[];
}

/** The OpenAPI 3.1 document of a model's API; `serverUrl` is its base path or absolute URL, `access` how it is closed. */
export function openApiDocument(
  model: Model,
  serverUrl: string,
  access: AccessKind,
  { isAsynchronous = false, callbackHosts = [] }: Answering = {},
): JsonSchema {
  const exchanges: Readonly<Record<KnownRoute['id'], Exchange>> = {
    ...synchronousExchanges(model),
    ...(isAsynchronous ? asynchronousExchanges(model, callbackHosts) : {}),
    [UPLOAD_ROUTE.id]: uploadExchange(),
  };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routesOf(model)) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(route, exchanges[route.id], access),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: model.title, version: model.version, description: model.description },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: serverUrl }],
    security: Object.keys(SECURITY_SCHEMES[access]).map((scheme) => ({ [scheme]: [] })),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES[access],
      schemas: {
        ...schemasOf(model),
        ...(isAsynchronous ? asynchronousSchemas(model, callbackHosts) : {}),
        ...(takesImages(model) ? uploadSchemas(model) : {}),
      },
    },
  };
}

function schemasOf(model: Model): Record<string, JsonSchema> {
  const example = exampleOf(model.input);
  const about = aboutProperties(model);
  return {
    Input: { ...inputJsonSchema(model.input), examples: [example] },
    Prediction: outputJsonSchema(model.output),
    Actual: inputJsonSchema(feedbackSchema(model)),
    Warning: object({
      path: { type: 'string' },
      code: { type: 'string', const: 'outside-expected-range' },
      detail: { type: 'string' },
    }),
    PredictionsRequest: {
      ...object(
        {
          input: ref('Input'),
          inputs: { type: 'array', items: ref('Input'), minItems: 1, maxItems: maxInputs(model) },
          units: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'The unit wanted, by output field.',
          },
        },
        [],
      ),
      oneOf: [{ required: ['input'] }, { required: ['inputs'] }],
      examples: [{ input: example }],
    },
    PredictionAnswer: object({
      predictionId: ID,
      ...about,
      prediction: ref('Prediction'),
      warnings: WARNINGS,
    }),
    PredictionsAnswer: object({
      ...about,
      predictions: {
        type: 'array',
        items: object({ predictionId: ID, prediction: ref('Prediction'), warnings: WARNINGS }),
      },
    }),
    StoredPrediction: object(
      {
        predictionId: ID,
        ...about,
        createdAt: { type: 'string', format: 'date-time' },
        input: { type: 'object' },
        prediction: ref('Prediction'),
        warnings: WARNINGS,
        feedback: object(
          {
            actual: { type: 'object' },
            observedAt: { type: 'string' },
            source: { type: 'string' },
            receivedAt: { type: 'string' },
          },
          ['actual', 'receivedAt'],
        ),
      },
      ['predictionId', 'model', 'version', 'variant', 'createdAt', 'input', 'prediction', 'warnings'],
    ),
    FeedbackRequest: object(
      {
        actual: ref('Actual'),
        observedAt: { type: 'string', format: 'date-time' },
        source: { type: 'string', minLength: 1, maxLength: 200 },
      },
      ['actual'],
    ),
    FeedbackAnswer: object({
      predictionId: ID,
      actual: { type: 'object' },
      receivedAt: { type: 'string', format: 'date-time' },
    }),
    Health: object({
      status: { type: 'string', enum: ['healthy'] },
      model: about.model,
      version: about.version,
      checkedAt: { type: 'string', format: 'date-time' },
    }),
    Problem: object({
      type: { type: 'string', enum: problemCodes().map(problemType) },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: problemCodes() },
      detail: { type: 'string' },
      instance: { type: 'string' },
      errors: {
        type: 'array',
        items: object({
          path: { type: 'string' },
          code: { type: 'string', enum: ITEM_CODES },
          detail: { type: 'string' },
        }),
      },
    }),
  };
}

function operation(route: Route, exchange: Exchange, access: AccessKind): JsonSchema {
  const pathParameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const parameters = [...pathParameters, ...(exchange.parameters ?? [])];
  return {
    operationId: route.id,
    summary: route.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(exchange.request === undefined
      ? {}
      : { requestBody: { required: true, content: json(exchange.request) } }),
    responses: {
      [exchange.status]: {
        description: exchange.description,
        ...(exchange.headers === undefined ? {} : { headers: exchange.headers }),
        content: json(exchange.response),
      },
      ...problemResponses([...problemsOf(exchange.steps), ...COMMON[access]]),
    },
    ...(exchange.callbacks === undefined ? {} : { callbacks: exchange.callbacks }),
  };
}

/** One response for each status, naming the codes that come with it. */
function problemResponses(codes: readonly ProblemCode[]): JsonSchema {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: codes
          .filter((code) => PROBLEMS[code].status === status)
          .map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`)
          .join(' '),
        content: { [PROBLEM_CONTENT_TYPE]: { schema: ref('Problem') } },
      },
    ]),
  );
}

function problemCodes(): readonly ProblemCode[] {
  return Object.keys(PROBLEMS) as ProblemCode[];
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}
