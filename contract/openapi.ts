import type { AccessKind } from './deployment.ts';
import { takesImages } from './image.ts';
import { inputJsonSchema, type JsonSchema, outputJsonSchema } from './json-schema.ts';
import { exampleOf, feedbackSchema, type Model } from './model.ts';
import { asynchronousExchanges, asynchronousSchemas } from './openapi-asynchronous.ts';
import { BODY, type Exchange, object, ref } from './openapi-parts.ts';
import { uploadExchange, uploadSchemas } from './openapi-uploads.ts';
import { ITEM_CODES, PROBLEM_CONTENT_TYPE, PROBLEMS, type ProblemCode, problemType } from './problems.ts';
import { maxInputs } from './request-images.ts';
import { CALLER_HEADER, type KnownRoute, type ROUTES, type Route, routesOf, UPLOAD_ROUTE } from './routes.ts';

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

/**
 * The OpenAPI 3.1 document of a model's API; `serverUrl` is its base path or absolute URL, `access` how it is closed.
 * @param isAsynchronous whether predictions are accepted first and answered later
 */
export function openApiDocument(
  model: Model,
  serverUrl: string,
  access: AccessKind,
  isAsynchronous = false,
): JsonSchema {
  const exchanges: Readonly<Record<KnownRoute['id'], Exchange>> = {
    ...exchangesOf(),
    ...(isAsynchronous ? asynchronousExchanges() : {}),
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
        ...(isAsynchronous ? asynchronousSchemas(model) : {}),
        ...(takesImages(model) ? uploadSchemas(model) : {}),
      },
    },
  };
}

function schemasOf(model: Model): Record<string, JsonSchema> {
  const example = exampleOf(model.input);
  const warnings = { type: 'array', items: ref('Warning') };
  const predictionId = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$', description: 'A ULID.' };
  const about = {
    model: { type: 'string', const: model.name },
    version: { type: 'string' },
    variant: { type: 'string', description: 'The variant of the model that answered.' },
  };
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
    PredictionAnswer: object({ predictionId, ...about, prediction: ref('Prediction'), warnings }),
    PredictionsAnswer: object({
      ...about,
      predictions: {
        type: 'array',
        items: object({ predictionId, prediction: ref('Prediction'), warnings }),
      },
    }),
    StoredPrediction: object(
      {
        predictionId,
        ...about,
        createdAt: { type: 'string', format: 'date-time' },
        input: { type: 'object' },
        prediction: ref('Prediction'),
        warnings,
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
      predictionId,
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

function exchangesOf(): Record<(typeof ROUTES)[number]['id'], Exchange> {
  const model: readonly ProblemCode[] = [
    'model-throttled',
    'model-error',
    'model-unavailable',
    'model-starting',
    'model-timeout',
  ];
  return {
    createPredictions: {
      parameters: [
        {
          name: CALLER_HEADER,
          in: 'header',
          required: false,
          schema: { type: 'string' },
          description:
            'Who is asked for, where one API key asks for many: the same value is answered by the same variant.',
        },
      ],
      request: ref('PredictionsRequest'),
      status: 200,
      description: 'One answer for `input`, a list of them for `inputs`.',
      response: { oneOf: [ref('PredictionAnswer'), ref('PredictionsAnswer')] },
      problems: [...BODY, 'too-many-inputs', ...model],
    },
    getPrediction: {
      status: 200,
      description: 'The stored prediction, with its feedback if there is any.',
      response: ref('StoredPrediction'),
      problems: ['prediction-not-found', 'store-unavailable'],
    },
    createFeedback: {
      request: ref('FeedbackRequest'),
      status: 201,
      description: 'Stored.',
      response: ref('FeedbackAnswer'),
      problems: [...BODY, 'prediction-not-found', 'feedback-exists', 'store-unavailable'],
    },
    getHealth: { status: 200, description: 'The model answers.', response: ref('Health'), problems: model },
    getModel: { status: 200, description: 'The model card.', response: { type: 'object' }, problems: [] },
    getOpenApi: {
      status: 200,
      description: 'The OpenAPI document.',
      response: { type: 'object' },
      problems: [],
    },
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
      ...problemResponses([...exchange.problems, ...COMMON[access]]),
    },
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
