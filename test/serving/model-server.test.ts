import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARLEY, bodyOf, fixture, infer, ROOT, startServer } from './model-server-process.ts';

interface Reference {
  readonly cases: readonly {
    readonly input: { readonly variety: string; readonly site: string };
    readonly published: { readonly yield: number };
  }[];
}

const reference: Reference = JSON.parse(
  readFileSync(join(ROOT, 'models', 'barley-yield', 'artifacts', 'reference.json'), 'utf8'),
);
const barley = { model: BARLEY, described: { name: 'barley-yield', version: '1.0.0' } };

const barleyRequest = (cases: readonly Reference['cases'][number]['input'][], id?: string) => ({
  ...(id !== undefined && { id }),
  inputs: (['variety', 'site'] as const).map((name) => ({
    name,
    shape: [cases.length, 1],
    datatype: 'BYTES',
    data: cases.map((input) => input[name]),
  })),
});
const WASECA = { variety: 'Trebi', site: 'Waseca' };

describe('the model server', () => {
  it("reproduces every one of the trainer's own predictions", async () => {
    const server = await startServer(barley);
    for (const { input, published } of reference.cases) {
      const response = await infer(server, barleyRequest([input], 'r1'));
      const answer = await bodyOf(response);
      const [predicted = Number.NaN] = answer.outputs[0]?.data ?? [];

      expect(response.status).toBe(200);
      expect(answer).toMatchObject({ model_name: 'barley-yield', model_version: '1.0.0', id: 'r1' });
      expect(answer.outputs[0]).toMatchObject({ name: 'yield_bu_per_acre', datatype: 'FP32', shape: [1, 1] });
      expect(Math.abs(predicted / published.yield - 1)).toBeLessThan(1e-5);
    }
    expect(reference.cases).toHaveLength(60);
  });

  it('describes itself and its model as the Open Inference Protocol has it', async () => {
    const server = await startServer(barley);
    const get = async (path: string) => {
      const response = await fetch(server.url + path);
      return [response.status, await response.json()];
    };

    expect(await get('/ping')).toEqual([200, { ready: true }]);
    expect(await get('/v2/health/live')).toEqual([200, { live: true }]);
    expect(await get('/v2/health/ready')).toEqual([200, { ready: true }]);
    expect(await get('/v2/models/barley-yield/ready')).toEqual([200, { name: 'barley-yield', ready: true }]);
    expect(await get('/v2/models/barley-yield')).toEqual([
      200,
      {
        name: 'barley-yield',
        versions: ['1.0.0'],
        platform: 'onnx_onnxv1',
        inputs: [
          { name: 'variety', datatype: 'BYTES', shape: [-1, 1] },
          { name: 'site', datatype: 'BYTES', shape: [-1, 1] },
        ],
        outputs: [{ name: 'yield_bu_per_acre', datatype: 'FP32', shape: [-1, 1] }],
      },
    ]);
    expect(await get('/v2/models/other')).toEqual([404, { error: 'no such model' }]);
    expect(await get('/other')).toEqual([404, { error: 'no such route' }]);
    expect(await get('/invocations')).toEqual([405, { error: 'use POST' }]);
  });

  it('carries every element type through, and answers only the outputs asked for', async () => {
    const server = await startServer({ model: fixture('echo') });
    const inputs = [
      { name: 'flag', shape: [2], datatype: 'BOOL', data: [true, false] },
      { name: 'small', shape: [2], datatype: 'UINT8', data: [0, 255] },
      { name: 'large', shape: [2], datatype: 'INT64', data: ['9007199254740993', -5] },
      { name: 'exact', shape: [2], datatype: 'FP64', data: [0.1, 1e-300] },
      { name: 'text', shape: [2], datatype: 'BYTES', data: ['Åsa', ''] },
    ];

    const all = await (await infer(server, { inputs })).text();
    const some = await bodyOf(await infer(server, { inputs, outputs: [{ name: 'exact_out' }] }));

    for (const data of ['[true,false]', '[0,255]', '[9007199254740993,-5]', '[0.1,1e-300]', '["Åsa",""]']) {
      expect(all).toContain(`"data":${data}`);
    }
    expect(some.outputs).toEqual([{ name: 'exact_out', datatype: 'FP64', shape: [2], data: [0.1, 1e-300] }]);
  });

  it('joins requests that wait into one run', async () => {
    const server = await startServer({ model: fixture('slow') });
    const steps = [1000, ...Array.from({ length: 8 }, (_, index) => 1000 + index)];

    const responses = await Promise.all(
      steps.map((count) =>
        infer(server, { inputs: [{ name: 'steps', shape: [1], datatype: 'INT64', data: [count] }] }),
      ),
    );

    const answers = await Promise.all(responses.map(bodyOf));
    expect(answers.map(({ outputs }) => outputs[0]?.data[0])).toEqual(steps);
    const sizes = responses.map((response) => Number(response.headers.get('x-batch-size')));
    expect(Math.max(...sizes)).toBeGreaterThan(1);
  });

  it('answers requests of a model whose axis 0 is no batch by themselves', async () => {
    const server = await startServer({ model: fixture('sum') });
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    const totals = await Promise.all(
      numbers.map(async (number) => {
        const inputs = [{ name: 'x', shape: [2], datatype: 'FP32', data: [number, 1] }];
        return (await bodyOf(await infer(server, { inputs }))).outputs[0]?.data;
      }),
    );
    expect(totals).toEqual(numbers.map((number) => [number + 1]));
  });

  it('fails a request that the model refuses, and no other', async () => {
    const server = await startServer(barley);
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        infer(server, barleyRequest([index === 7 ? { ...WASECA, variety: 'Unknown' } : WASECA])),
      ),
    );
    expect(responses.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index === 7 ? 500 : 200)),
    );
    const errors = await Promise.all(responses.map(async (response) => (await bodyOf(response)).error));
    expect(errors[7]).toMatch(/^the model failed: .*Unknown Category/);
  });

  it("says so when the model's answer can't be JSON", async () => {
    const server = await startServer({ model: fixture('divide') });
    const column = (name: string, data: number[]) => ({ name, shape: [2, 1], datatype: 'FP32', data });
    const response = await infer(server, { inputs: [column('x', [1, 0]), column('y', [1, 0])] });
    expect(response.status).toBe(500);
    expect((await bodyOf(response)).error).toBe(
      'output "quotient": the model answered NaN at data[1], which JSON can\'t carry',
    );
  });

  it('logs the ids of a request, and nothing of its payload', async () => {
    const server = await startServer(barley);
    await infer(server, barleyRequest([{ variety: 'Secret', site: 'Waseca' }], 'r1'), {
      'x-amzn-sagemaker-custom-attributes': 'requestId=q1;traceId=Root=1-2',
    });
    const line = await server.logged('invocation');
    expect(line).toMatchObject({
      level: 'error',
      status: 500,
      id: 'r1',
      requestId: 'q1',
      traceId: 'Root=1-2',
    });
    expect(JSON.stringify(server.log)).not.toMatch(/Secret|Waseca/);
  });

  it('keeps its log lines short, whatever a client sends', async () => {
    const server = await startServer(barley);
    await infer(server, { inputs: [], ['k'.repeat(100_000)]: 1 });
    expect(JSON.stringify(await server.logged('invocation')).length).toBeLessThan(1000);
  });
});

describe('a request that is not answered', () => {
  it('has its own status and reason', async () => {
    const server = await startServer({ ...barley, env: { MAX_BODY_BYTES: '2000' } });
    const good = JSON.stringify(barleyRequest([WASECA]));
    const outcome = async (
      body: string | Uint8Array<ArrayBuffer> | ReadableStream,
      headers: Record<string, string>,
    ) => {
      const response = await fetch(`${server.url}/invocations`, {
        method: 'POST',
        headers,
        body,
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      } as RequestInit);
      return [response.status, (await bodyOf(response)).error];
    };
    const json = { 'content-type': 'application/json' };
    const endless = new Blob([' '.repeat(3000)]).stream();

    expect(await outcome('{', json)).toEqual([400, 'the body is not valid JSON']);
    expect(await outcome(new Uint8Array([0xff]), json)).toEqual([400, 'the body is not valid UTF-8']);
    expect(await outcome(' '.repeat(2001), json)).toEqual([413, 'the body is larger than 2000 bytes']);
    expect(await outcome(endless, json)).toEqual([413, 'the body is larger than 2000 bytes']);
    expect((await outcome(good, { 'content-type': 'text/csv' }))[0]).toBe(415);
    expect((await outcome(good, { ...json, 'content-encoding': 'gzip' }))[0]).toBe(415);
    expect((await outcome(good, { 'content-type': 'application/json; charset=UTF-8' }))[0]).toBe(200);
    const attributes = (text: string) => ({ ...json, 'x-amzn-sagemaker-custom-attributes': text });
    expect(await outcome(good, attributes('deadline=1'))).toEqual([
      504,
      'the deadline passed before the model ran',
    ]);
    expect((await outcome(good, attributes('deadline=soon')))[0]).toBe(400);
  });

  it('never takes the server down, whatever it holds', async () => {
    const server = await startServer(barley);
    const jsonLike = fc.json().map((text) => text.slice(0, 200));
    const inputLike = fc.record({
      inputs: fc.array(
        fc.record({
          name: fc.constantFrom('variety', 'site', '__proto__'),
          shape: fc.array(fc.integer({ min: -1, max: 3 })),
          datatype: fc.constantFrom('BYTES', 'FP32', 'X'),
          data: fc.array(fc.oneof(fc.string(), fc.double(), fc.array(fc.string()))),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          jsonLike,
          inputLike.map((body) => JSON.stringify(body)),
        ),
        async (body) => {
          const response = await infer(server, body);
          expect(await response.json()).toEqual({ error: expect.any(String) });
          expect(response.status).toBe(400);
        },
      ),
      { numRuns: 150 },
    );
    expect((await infer(server, barleyRequest([WASECA]))).status).toBe(200);
  });
});
