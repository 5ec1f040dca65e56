import { describe, expect, it } from 'vitest';
import { ImageError, ReceivedImage } from '../../../contract/images/received-image.ts';
import { PROBLEMS, ProblemError } from '../../../contract/problems/problems.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { endpointPredictor } from '../../../lambda/predictors/endpoint.ts';
import { asProblem } from '../../../lambda/predictors/endpoint-errors.ts';
import { request, served } from '../support/ports.ts';

const outputs = (data: unknown[]) =>
  JSON.stringify({ outputs: [{ name: 'harvest', shape: [data.length, 1], datatype: 'FP32', data }] });

/** What an endpoint of these tests takes at once, in bytes. */
const LIMIT = 1000;

describe('a predictor behind an endpoint', () => {
  it('sends every input as one batch and decodes the answers in order', async () => {
    const sent: string[] = [];
    const predictor = endpointPredictor(
      served,
      async (body) => {
        sent.push(body);
        return outputs([3, 6]);
      },
      LIMIT,
    );
    expect(await predictor.predict([{ area: 1 }, { area: 2 }], request())).toEqual([
      { harvest: 3 },
      { harvest: 6 },
    ]);
    expect(sent.map((body) => JSON.parse(body))).toEqual([
      {
        id: '0b7c1f1e-6d0f-4f5c-9d8e-1a2b3c4d5e6f',
        inputs: [{ name: 'area', shape: [2, 1], datatype: 'FP32', data: [1, 2] }],
      },
    ]);
  });

  it('speaks the codec that it is given, to the model and back', async () => {
    const sent: string[] = [];
    const predictor = endpointPredictor(
      served,
      async (body) => {
        sent.push(body);
        return '3\n6\n';
      },
      LIMIT,
      codecNamed('csv'),
    );
    expect(await predictor.predict([{ area: 1 }, { area: 2 }], request())).toEqual([
      { harvest: 3 },
      { harvest: 6 },
    ]);
    expect(sent).toEqual(['1\n2']);
  });

  it.each(['oip', 'csv', 'json'] as const)(
    'answers model-error where preprocess makes NaN, and asks nothing: %s',
    async (codec) => {
      let asked = false;
      const invoke = async () => {
        asked = true;
        return '';
      };
      const predictor = endpointPredictor(served, invoke, LIMIT, codecNamed(codec));
      await expect(predictor.predict([{ area: Number.NaN }], request())).rejects.toMatchObject({
        code: 'model-error',
        cause: { message: 'the tensor "area" has NaN at [0], and numbers are finite' },
      });
      expect(asked).toBe(false);
    },
  );

  it('answers model-error where preprocess fails, and passes on what is wrong with an image', async () => {
    const failing = (error: Error) =>
      endpointPredictor(
        {
          ...served,
          preprocess: () => {
            throw error;
          },
        },
        async () => outputs([3]),
        LIMIT,
      );
    const bug = new TypeError('area is not iterable');
    await expect(failing(bug).predict([{ area: 1 }], request())).rejects.toMatchObject({
      code: 'model-error',
      message: 'The model failed on this input.',
      cause: bug,
    });

    const image = new ReceivedImage({ format: 'image/png', width: 1, height: 1, content: new Uint8Array(1) });
    const broken = new ImageError(image, {
      code: 'image-corrupt',
      detail: 'Its pixel data can not be unpacked.',
    });
    await expect(failing(broken).predict([{ area: 1 }], request())).rejects.toBe(broken);
  });

  it('passes the request, the deadline and the trace on, in visible ASCII', async () => {
    let attributes = '';
    const predictor = endpointPredictor(
      served,
      async (_, customAttributes) => {
        attributes = customAttributes;
        return outputs([3]);
      },
      LIMIT,
    );
    await predictor.predict(
      [{ area: 1 }],
      request({ traceId: 'Root=1-a-b;Parent=c;Sampled=1 é', traceparent: '00-aa-bb-01' }),
    );
    expect(attributes).toMatch(
      /^requestId=0b7c1f1e[0-9a-f-]+;deadline=\d{13};traceId=Root=1-a-b,Parent=c,Sampled=1;traceparent=00-aa-bb-01$/,
    );
  });

  it.each([
    ['not JSON', 'oops'],
    ['no tensors', '{}'],
    ['too few answers', outputs([3])],
  ])('answers model-error for %s', async (_, answer) => {
    const predictor = endpointPredictor(served, async () => answer, LIMIT);
    await expect(predictor.predict([{ area: 1 }, { area: 2 }], request())).rejects.toMatchObject({
      code: 'model-error',
    });
  });

  it('asks once more where the connection broke, and never where the model answered', async () => {
    const failing = (first: object) => {
      let calls = 0;
      const predictor = endpointPredictor(
        served,
        async () => {
          calls += 1;
          if (calls === 1) throw Object.assign(new Error(), first);
          return outputs([3]);
        },
        LIMIT,
      );
      return { predictor, calls: () => calls };
    };
    const broken = failing({ name: 'TimeoutError', code: 'ECONNRESET' });
    expect(await broken.predictor.predict([{ area: 1 }], request())).toEqual([{ harvest: 3 }]);
    expect(broken.calls()).toBe(2);
    const throttled = failing({ name: 'ThrottlingException' });
    await expect(throttled.predictor.predict([{ area: 1 }], request())).rejects.toMatchObject({
      code: 'model-throttled',
    });
    expect(throttled.calls()).toBe(1);
  });

  it('refuses what the endpoint would not take, before it is asked', async () => {
    let asked = false;
    const predictor = endpointPredictor(
      served,
      async () => {
        asked = true;
        return outputs([]);
      },
      LIMIT,
    );
    const many = Array.from({ length: 1000 }, () => ({ area: 1 }));
    await expect(predictor.predict(many, request())).rejects.toMatchObject({ code: 'payload-too-large' });
    expect(asked).toBe(false);
  });

  it('answers model-timeout once the deadline has passed', async () => {
    const predictor = endpointPredictor(
      served,
      (_body, _attributes, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      LIMIT,
    );
    const soon = request({ deadline: { remainingMs: () => 5 } });
    await expect(predictor.predict([{ area: 1 }], soon)).rejects.toMatchObject({ code: 'model-timeout' });
  });

  it('gives a request up when whoever made it does', async () => {
    const given = new AbortController();
    const predictor = endpointPredictor(
      served,
      (_body, _attributes, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      LIMIT,
    );
    const answer = predictor.predict([{ area: 1 }], { ...request(), signal: given.signal });
    given.abort();
    await expect(answer).rejects.toMatchObject({ code: 'model-timeout' });
  });
});

describe('faults of the endpoint', () => {
  // Names and fields as the SageMaker Runtime API reference gives them for InvokeEndpoint.
  it.each([
    [
      { name: 'ThrottlingException', message: '', $metadata: { httpStatusCode: 400 } },
      'model-throttled',
      429,
    ],
    [{ name: 'ModelError', OriginalStatusCode: 500 }, 'model-error', 502],
    [{ name: 'ModelError', OriginalStatusCode: 400 }, 'model-error', 502],
    [{ name: 'ModelError', OriginalStatusCode: 503 }, 'model-unavailable', 503],
    [{ name: 'ModelError', OriginalStatusCode: 0 }, 'model-unavailable', 503],
    [{ name: 'ModelError', OriginalStatusCode: 504 }, 'model-timeout', 504],
    [{ name: 'ModelError', OriginalStatusCode: 413 }, 'payload-too-large', 413],
    [{ name: 'TimeoutError', code: 'ECONNRESET' }, 'model-unavailable', 503],
    [{ name: 'ModelNotReadyException' }, 'model-unavailable', 503],
    [{ name: 'ServiceUnavailable' }, 'model-unavailable', 503],
    [{ name: 'InternalFailure' }, 'model-unavailable', 503],
    [{ name: 'Error', code: 'ECONNREFUSED' }, 'model-unavailable', 503],
    [{ name: 'TimeoutError' }, 'model-timeout', 504],
  ])('%j becomes %s', (fault, code, status) => {
    const problem = asProblem(Object.assign(new Error(), fault), false);
    if (!(problem instanceof ProblemError)) throw new Error('not a problem');
    expect(problem.code).toBe(code);
    expect(PROBLEMS[problem.code].status).toBe(status);
    expect(problem.retryAfterSeconds).toBe(status === 502 || status === 413 ? undefined : 1);
  });

  it('a component without copies is a model that is being started, which takes a minute or more', () => {
    const message =
      'Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.';
    const fault = Object.assign(new Error(message), { name: 'ValidationError' });

    expect(asProblem(fault, false)).toMatchObject({ code: 'model-starting', retryAfterSeconds: 60 });
    expect(PROBLEMS['model-starting'].status).toBe(503);
  });

  it.each(['AccessDeniedException', 'ValidationError'])(
    '%s stays what it is: waiting does not mend it',
    (name) => {
      const fault = Object.assign(new Error(), { name });
      expect(asProblem(fault, false)).toBe(fault);
    },
  );
});
