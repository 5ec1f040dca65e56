import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, synthesize } from './assembly.ts';
import { type LocalRun, startRun } from './run.ts';
import { smallProject } from './small-project.ts';

/** A number in, and a known multiple of it out: the variants tell themselves by what they answer. */
const contractOf = (name: string) => `
import { z } from 'zod';
import { defineModel, quantity } from '../../contract/index.ts';

const mass = quantity('kg', { description: 'A mass', example: 5, min: 0 });
const contract = {
  name: '${name}',
  version: '1.0.0',
  title: 'A multiple',
  description: 'A multiple of what is sent.',
  input: z.strictObject({ mass }),
  output: z.object({ mass }),
};
`;

const served = (name: string) => `${contractOf(name)}
export const model = defineModel({
  ...contract,
  artifact: 'twice.onnx',
  preprocess: (inputs) => [
    { name: 'x', shape: [inputs.length, 1], datatype: 'FP32', data: inputs.map(({ mass }) => mass) },
  ],
  postprocess: ([y]) => (y?.data ?? []).map((value) => ({ mass: Number(value) })),
});
`;

const computed = (name: string) => `${contractOf(name)}
const times = (factor: number) => (input: { mass: number }) => ({ mass: input.mass * factor });
export const thrice = times(3);
export const fourfold = times(4);
export const model = defineModel({ ...contract, predict: times(2) });
`;

const deploymentOf = (hosting: object, source: (name: string) => object) => `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment(${JSON.stringify({
  hosting,
  objectives: { latencyP95Ms: 800 },
  // The one instance of the model on instances can't be replaced in parts.
  rollout: { strategy: 'all-at-once' },
  variants: {
    champion: { weight: 50 },
    challengers: [{ name: 'thrice', version: '1.1.0', weight: 50, ...source('thrice') }],
    shadows: [{ name: 'fourfold', version: '1.2.0', ...source('fourfold') }],
    shadowBudgetMs: 2000,
  },
})});
`;

const SERVERLESS = { mode: 'serverless', memoryMb: 1024, maxConcurrency: 5 };
const REALTIME = {
  mode: 'realtime',
  instanceType: 'ml.c6i.large',
  instances: { min: 1, max: 1 },
  requestsPerSecondPerInstance: 100,
};
const artifactOf = (name: string) => ({ artifact: `${name}.onnx` });
const predictOf = (name: string) => ({ predict: name });

function artifacts(model: string): Record<string, Buffer> {
  const names = ['twice.onnx', 'thrice.onnx', 'fourfold.onnx'];
  return Object.fromEntries(
    names.map((name) => [
      `${model}/artifacts/${name}`,
      readFileSync(join(ROOT, 'test/serving/fixtures', name)),
    ]),
  );
}

const FACTORS: Readonly<Record<string, number>> = { champion: 2, thrice: 3, fourfold: 4 };
const VERSIONS: Readonly<Record<string, string>> = { champion: '1.0.0', thrice: '1.1.0' };
const INPUT = { input: { mass: 5 } };

let run: LocalRun;
let project: string;

beforeAll(async () => {
  project = smallProject('variants', {
    'in-function/model.ts': computed('in-function'),
    'in-function/deployment.ts': deploymentOf({ mode: 'lambda' }, predictOf),
    'spiky/model.ts': served('spiky'),
    'spiky/deployment.ts': deploymentOf(SERVERLESS, artifactOf),
    ...artifacts('spiky'),
    'steady/model.ts': served('steady'),
    'steady/deployment.ts': deploymentOf(REALTIME, artifactOf),
    ...artifacts('steady'),
  });
  run = await startRun(synthesize(project, join(project, 'cdk.out')));
});
afterAll(async () => {
  await run?.close();
  rmSync(project, { recursive: true, force: true });
});

/** A prediction for a caller that names itself. */
function ask(model: string, caller: string) {
  const client = run.client(model);
  return client.send('/predictions', {
    method: 'POST',
    headers: { ...client.headers, 'X-Caller-Id': caller },
    body: JSON.stringify(INPUT),
  });
}

/** What the table holds under a prediction's id and a sort key. */
async function stored(model: string, predictionId: string, record: string) {
  const client = new DynamoDBClient({
    endpoint: run.frontDoorUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'developer', secretAccessKey: 'any' },
  });
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: run.resource(model, 'AWS::DynamoDB::Table'),
      Key: { predictionId: { S: predictionId }, record: { S: record } },
    }),
  );
  client.destroy();
  return Item;
}

const CALLERS = Array.from({ length: 16 }, (_, index) => `caller-${index}`);

/** One after the other: at once they would start a process of the function for each. */
async function inTurn<T>(requests: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const request of requests) answers.push(await request());
  return answers;
}

describe.each(['in-function', 'spiky', 'steady'])('variants of a model: %s', (model) => {
  it('answer each caller always by the same one, which the answer and the record name', async () => {
    const first = await inTurn(CALLERS.map((caller) => () => ask(model, caller)));
    const again = await inTurn(CALLERS.map((caller) => () => ask(model, caller)));

    expect(first.map(({ status }) => status)).toEqual(CALLERS.map(() => 200));
    expect(again.map(({ body }) => body.variant)).toEqual(first.map(({ body }) => body.variant));
    expect(new Set(first.map(({ body }) => body.variant))).toEqual(new Set(['champion', 'thrice']));
    for (const { body } of first) {
      expect(body.prediction.mass.value).toBe(5 * (FACTORS[body.variant] ?? 0));
      expect(body.version).toBe(VERSIONS[body.variant]);
    }
    const [one] = first;
    const read = await run.client(model).get(`/predictions/${one?.body.predictionId}`);
    expect(read.body).toMatchObject({ variant: one?.body.variant, version: one?.body.version });
    const answered = [...first, ...again].map(({ body }) => body.variant);
    for (const variant of ['champion', 'thrice']) {
      const dimensions = { environment: 'dev', service: model, variant };
      const expected = answered.filter((name) => name === variant).length;
      await expect.poll(() => run.metricSum('Furrow', 'Predictions', dimensions)).toBe(expected);
    }
  });

  it('take an API key for one caller', async () => {
    const answers = await inTurn(CALLERS.map(() => () => run.client(model).predict(INPUT)));

    expect(new Set(answers.map(({ body }) => body.variant)).size).toBe(1);
  });

  it('include a shadow, whose prediction is stored where only the table shows it', async () => {
    let id = '';
    // A shadow that is just starting is later than its budget.
    const shadowOfANewPrediction = async () => {
      id = (await ask(model, 'caller-0')).body.predictionId;
      return stored(model, id, 'shadow#fourfold');
    };
    await expect.poll(shadowOfANewPrediction, { timeout: 20_000 }).toMatchObject({
      variant: { S: 'fourfold' },
      version: { S: '1.2.0' },
      prediction: { M: { mass: { M: { value: { N: '20' }, unit: { S: 'kg' } } } } },
    });
    const read = await run.client(model).get(`/predictions/${id}`);
    expect(read.status).toBe(200);
    expect(JSON.stringify(read.body)).not.toContain('fourfold');
  });

  it('are on the model card with their weights, but for shadows', async () => {
    const card = await run.client(model).get('/model');

    expect(card.body.variants).toEqual([
      { name: 'champion', version: '1.0.0', weight: 50 },
      { name: 'thrice', version: '1.1.0', weight: 50 },
    ]);
    expect(JSON.stringify(card.body)).not.toContain('fourfold');
  });
});

describe.each([
  ['spiky', 'furrow-dev-spiky-serverless-fourfold/fourfold'],
  ['steady', 'furrow-dev-steady-realtime-fourfold-c6i-large/fourfold'],
])('a shadow of %s', (model, processName) => {
  const stopped: number[] = [];
  afterEach(() => {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
  });

  const shadowProcess = async (): Promise<{ pid: number; inFlight: number } | undefined> => {
    const { body } = await run.send(`${run.frontDoorUrl}/_local/processes`);
    return body.processes.find(({ name }: { name: string }) => name === processName);
  };
  const count = (name: string) =>
    run.metricSum('Furrow', name, { environment: 'dev', service: model, variant: 'fourfold' });
  /** A caller whom the shadow's failure must not reach. */
  const unharmed = async () => {
    const { status, body } = await ask(model, 'caller-1');
    expect(status).toBe(200);
    expect(body.prediction.mass.value).toBe(5 * (FACTORS[body.variant] ?? 0));
    return body.predictionId as string;
  };
  const hang = async () => {
    await unharmed();
    const pid = (await shadowProcess())?.pid ?? 0;
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGSTOP');
    stopped.push(pid);
    return pid;
  };

  it('that hangs is given up after its budget, and counted', async () => {
    const before = await count('ShadowTimeouts');
    await hang();
    const id = await unharmed();

    expect(await stored(model, id, 'prediction')).toBeDefined();
    expect(await stored(model, id, 'shadow#fourfold')).toBeUndefined();
    await expect.poll(() => count('ShadowTimeouts')).toBe(before + 1);
  });

  it('that dies in the middle of a request is counted, and reaches no caller', async () => {
    const before = await count('ShadowErrors');
    const pid = await hang();
    const answer = unharmed();
    await expect
      .poll(async () => (await shadowProcess())?.inFlight ?? 0, { interval: 20 })
      .toBeGreaterThan(0);
    process.kill(pid, 'SIGKILL');
    stopped.length = 0;

    expect(await stored(model, await answer, 'shadow#fourfold')).toBeUndefined();
    await expect.poll(() => count('ShadowErrors')).toBe(before + 1);
  });
});
