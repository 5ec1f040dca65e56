import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../contract/openapi.ts';
import { PROBLEMS, type ProblemCode } from '../../contract/problems.ts';
import { model as barley } from '../../models/barley-yield/model.ts';
import { model as canopy } from '../../models/canopy-cover/model.ts';

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** An operation of a model's document. */
function operationOf(model: typeof barley | typeof canopy, isAsynchronous: boolean, id: string): Described {
  const { paths } = openApiDocument(model, '/', 'jwt', isAsynchronous) as {
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
const OF_A_MODEL = ['model-error', 'model-starting', 'model-throttled', 'model-timeout', 'model-unavailable'];
const OF_A_QUEUE = ['model-throttled', 'model-timeout', 'model-unavailable'];

describe("the document's problems", () => {
  it.each([
    ['a prediction', barley, false, [...OF_A_BODY, ...OF_A_MODEL, 'too-many-inputs']],
    [
      'a prediction from images, which may lie in a store',
      canopy,
      false,
      [...OF_A_BODY, ...OF_A_MODEL, 'store-unavailable', 'too-many-inputs'],
    ],
    [
      'a prediction that comes later, whose preprocessing comes at once',
      canopy,
      true,
      [...OF_A_BODY, 'model-error', ...OF_A_QUEUE, 'store-unavailable', 'too-many-inputs'],
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

describe('the ids in the document', () => {
  it.each([false, true])('are spelled as ids are made and taken (asynchronous: %s)', (isAsynchronous) => {
    const document = JSON.stringify(openApiDocument(canopy, '/', 'jwt', isAsynchronous));
    const patterns = new Set([...document.matchAll(/"pattern":"([^"]*\{2[56]\}\$)"/g)].map(([, one]) => one));
    expect([...patterns]).toEqual(['^[0-7][0-9A-HJKMNP-TV-Z]{25}$']);
  });
});
