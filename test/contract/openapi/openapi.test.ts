import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../contract/openapi/openapi.ts';
import { PROBLEMS, type ProblemCode } from '../../../contract/problems/problems.ts';
import { callbackBody } from '../../../lambda/callbacks/callback.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { model as canopy } from '../../../models/canopy-cover/model.ts';

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** An operation of a model's document. */
function operationOf(model: typeof barley | typeof canopy, isAsynchronous: boolean, id: string): Described {
  const { paths } = openApiDocument(model, '/', 'jwt', { isAsynchronous }) as {
    paths: Record<string, Record<string, Described & { readonly operationId: string }>>;
  };
  const found = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

/** The problems that the document names, but for those of every route. */
function problemsOf(...operation: Parameters<typeof operationOf>): readonly string[] {
  const common: readonly ProblemCode[] = [
    'unauthorized',
    'request-blocked',
    'rate-limit-exceeded',
    'internal-error',
  ];
  return Object.entries(operationOf(...operation).responses)
    .flatMap(([status, { description }]) =>
      [...description.matchAll(/`([a-z-]+)`:/g)].map(([, code = '']) => {
        expect(PROBLEMS[code as ProblemCode].status, code).toBe(Number(status));
        return code;
      }),
    )
    .filter((code) => !common.includes(code as ProblemCode))
    .sort();
}

const OF_A_BODY = ['invalid-input', 'invalid-json', 'invalid-request', 'missing-body', 'payload-too-large'];
/** Of one for predictions; a callback is refused also where the answer comes at once. */
const OF_A_REQUEST = [...OF_A_BODY, 'invalid-callback', 'too-many-inputs'];
const OF_A_MODEL = ['model-error', 'model-starting', 'model-throttled', 'model-timeout', 'model-unavailable'];
const OF_A_QUEUE = ['model-throttled', 'model-timeout', 'model-unavailable'];

describe("the document's problems", () => {
  it.each([
    ['a prediction', barley, false, [...OF_A_REQUEST, ...OF_A_MODEL]],
    [
      'a prediction from images, which may lie in a store',
      canopy,
      false,
      [...OF_A_REQUEST, ...OF_A_MODEL, 'store-unavailable'],
    ],
    [
      'a prediction that comes later, whose preprocessing comes at once',
      canopy,
      true,
      [...OF_A_REQUEST, 'model-error', ...OF_A_QUEUE, 'store-unavailable'],
    ],
  ])('of %s are those that its steps may end with', (_, model, isAsynchronous, problems) => {
    expect(problemsOf(model, isAsynchronous, 'createPredictions')).toEqual(problems.toSorted());
  });

  it.each([
    ['getPrediction', false, ['prediction-not-found', 'store-unavailable']],
    ['getPrediction', true, ['prediction-not-found', 'store-unavailable']],
    ['createFeedback', false, [...OF_A_BODY, 'feedback-exists', 'prediction-not-found', 'store-unavailable']],
    ['createUpload', false, OF_A_BODY],
    ['getHealth', false, OF_A_MODEL],
    ['getHealth', true, ['model-error', 'store-unavailable']],
    ['getModel', false, []],
  ] as const)('of %s follow from what it does (asynchronous: %s)', (id, isAsynchronous, problems) => {
    expect(problemsOf(canopy, isAsynchronous, id)).toEqual(problems.toSorted());
  });
});

describe("the document's parameters", () => {
  it.each([false, true])(
    'name who is asked for, however answers come (asynchronous: %s)',
    (isAsynchronous) => {
      expect(operationOf(canopy, isAsynchronous, 'createPredictions').parameters).toMatchObject([
        { name: 'x-caller-id', in: 'header' },
      ]);
    },
  );
});

describe('callbacks in the document', () => {
  const documentOf = (callbackHosts: readonly string[], isAsynchronous = true) =>
    openApiDocument(barley, '/barley-yield', 'jwt', { isAsynchronous, callbackHosts });
  const hosts = ['hooks.example.com', 'events.example.org'];

  it('are what the caller asks for by a header, and gets without any authorization', async () => {
    const document = documentOf(hosts);
    const { post } = (document.paths as { '/predictions': { post: Record<string, unknown> } })[
      '/predictions'
    ];

    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    expect(post.parameters).toMatchObject([
      { name: 'x-caller-id' },
      {
        name: 'x-callback-url',
        in: 'header',
        required: false,
        schema: { format: 'uri', maxLength: 2048 },
        description: expect.stringContaining('https URL of hooks.example.com or events.example.org'),
      },
    ]);
    expect(post.callbacks).toMatchObject({
      predictionsFinished: {
        '{$request.header.x-callback-url}': {
          post: {
            security: [],
            parameters: [{ name: 'x-callback-id', in: 'header', required: true }],
            requestBody: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Callback' } } },
            },
          },
        },
      },
    });
  });

  it('are described as they are made', () => {
    const { components } = documentOf(hosts) as { components: { schemas: { Callback: object } } };
    const validate = new Ajv2020({ strict: false }).compile(components.schemas.Callback);
    const id = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
    const body = callbackBody({
      callbackId: id,
      url: 'https://hooks.example.com/',
      model: 'barley-yield',
      status: 'failed',
      predictionIds: [id],
    });

    expect(validate(body)).toBe(true);
    expect(validate({ ...body, url: 'https://hooks.example.com/' })).toBe(false);
    expect(validate({ ...body, status: 'pending' })).toBe(false);
    expect(validate({ ...body, predictionIds: ['../elsewhere'] })).toBe(false);
  });

  it.each([
    ['nobody is called back', [], true],
    ['answers come at once', hosts, false],
  ] as const)('are not there where %s', (_, callbackHosts, isAsynchronous) => {
    expect(JSON.stringify(documentOf(callbackHosts, isAsynchronous))).not.toMatch(/x-callback|Callback"/);
  });
});

describe('the ids in the document', () => {
  it.each([false, true])('are spelled as ids are made and taken (asynchronous: %s)', (isAsynchronous) => {
    const document = JSON.stringify(openApiDocument(canopy, '/', 'jwt', { isAsynchronous }));
    const patterns = new Set([...document.matchAll(/"pattern":"([^"]*\{2[56]\}\$)"/g)].map(([, one]) => one));
    expect([...patterns]).toEqual(['^[0-7][0-9A-HJKMNP-TV-Z]{25}$']);
  });
});
