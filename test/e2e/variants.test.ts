import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ShiftedClock } from '../local/core/support/shifted-clock.ts';
import { synthesize } from './assembly.ts';
import { laterAnswer } from './later.ts';
import { type LocalRun, startRun } from './run.ts';
import { variantsProject } from './variants-project.ts';

const FACTORS: Readonly<Record<string, number>> = { champion: 2, thrice: 3, fourfold: 4 };
const VERSIONS: Readonly<Record<string, string>> = { champion: '1.0.0', thrice: '1.1.0' };
const INPUT = { input: { mass: 5 } };

const clock = new ShiftedClock();
let run: LocalRun;
let project: string;

beforeAll(async () => {
  project = variantsProject('variants');
  run = await startRun(synthesize(project, join(project, 'cdk.out')), clock);
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

/** What a verification asks. */
async function askGolden(model: string, variant: string): Promise<unknown> {
  const client = new LambdaClient({
    endpoint: run.frontDoorUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'developer', secretAccessKey: 'any' },
  });
  const question = { variant, name: 'question', inputs: [INPUT.input] };
  const { Payload } = await client.send(
    new InvokeCommand({
      FunctionName: run.predictVersion(model),
      Payload: JSON.stringify({ goldenPredictions: question }),
    }),
  );
  client.destroy();
  return JSON.parse(Payload?.transformToString() ?? '');
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

  it('answer a verification each for themselves', async () => {
    const asked = ['champion', 'thrice', 'fourfold'];
    const answers = await inTurn(asked.map((variant) => () => askGolden(model, variant)));

    expect(answers).toEqual([10, 15, 20].map((mass) => ({ outputs: [{ mass }] })));
    expect(await askGolden(model, 'larch')).toMatchObject({ problem: { code: 'internal-error' } });
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
  // The name of a serverless endpoint ends in what it serves.
  ['spiky', /^furrow-dev-spiky-serverless-fourfold-\w+\/fourfold$/],
  ['steady', /^furrow-dev-steady-realtime-fourfold-c6i-large\/fourfold$/],
] as const)('a shadow of %s', (model, processName) => {
  const stopped: number[] = [];
  afterEach(() => {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
  });

  const shadowProcess = async (): Promise<{ pid: number; inFlight: number } | undefined> => {
    const { body } = await run.send(`${run.frontDoorUrl}/_local/processes`);
    return body.processes.find(({ name }: { name: string }) => processName.test(name));
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

describe('variants of a model that answers later', () => {
  const SHADOW = 'furrow-dev-queued-asynchronous-fourfold-c6i-large';
  const processesOf = async (variant: string): Promise<readonly { pid: number; inFlight: number }[]> => {
    const { body } = await run.send(`${run.frontDoorUrl}/_local/processes`);
    const infix = variant === 'champion' ? '' : `${variant}-`;
    const name = `furrow-dev-queued-asynchronous-${infix}c6i-large/${variant}`;
    return body.processes.filter((one: { name: string }) => one.name === name);
  };
  const count = (name: string, variant: string) =>
    run.metricSum('Furrow', name, { environment: 'dev', service: 'queued', variant });
  /** A prediction that is accepted for a variant and answered by it, whatever happens to a shadow. */
  const unharmed = async (caller: string) => {
    const accepted = await ask('queued', caller);
    expect(accepted.status).toBe(202);
    const { predictionId, variant, version } = accepted.body;
    const { status, body } = await laterAnswer(run.client('queued'), predictionId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ predictionId, variant, version: VERSIONS[variant] });
    expect(body.prediction.mass.value).toBe(5 * (FACTORS[variant] ?? 0));
    expect(version).toBe(VERSIONS[variant]);
    expect(JSON.stringify([accepted.body, body])).not.toContain('fourfold');
    return { predictionId: predictionId as string, variant: variant as string };
  };
  const callerOf = async (variant: string) => {
    for (const caller of CALLERS) {
      if ((await unharmed(caller)).variant === variant) return caller;
    }
    throw new Error(`no caller meets ${variant}`);
  };

  it('answer each caller always by the same one, with its shadow where only the table shows it', async () => {
    const callers = CALLERS.slice(0, 6);
    const first = await inTurn(callers.map((caller) => () => unharmed(caller)));
    const again = await inTurn(callers.map((caller) => () => unharmed(caller)));
    const answered = [...first, ...again].map(({ variant }) => variant);

    expect(again.map(({ variant }) => variant)).toEqual(first.map(({ variant }) => variant));
    expect(new Set(answered)).toEqual(new Set(['champion', 'thrice']));
    for (const variant of ['champion', 'thrice']) {
      const expected = answered.filter((name) => name === variant).length;
      await expect.poll(() => count('Predictions', variant)).toBe(expected);
    }
    await expect.poll(() => count('ShadowPredictions', 'fourfold')).toBe(answered.length);
    for (const { predictionId } of [...first, ...again]) {
      expect(await stored('queued', predictionId, 'shadow#fourfold')).toMatchObject({
        variant: { S: 'fourfold' },
        version: { S: '1.2.0' },
        prediction: { M: { mass: { M: { value: { N: '20' }, unit: { S: 'kg' } } } } },
      });
    }
  });

  it('do not hear of a shadow whose queue takes nothing', async () => {
    const before = await count('ShadowErrors', 'fourfold');
    await run.addFault({
      service: 'sagemaker',
      operation: 'InvokeEndpointAsync',
      resource: SHADOW,
      error: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
    });
    const { predictionId } = await unharmed('caller-1');
    await run.clearFaults();

    expect(await stored('queued', predictionId, 'shadow#fourfold')).toBeUndefined();
    await expect.poll(() => count('ShadowErrors', 'fourfold')).toBe(before + 1);
  });

  it('do not hear of a shadow that dies in the middle of a request', async () => {
    const before = await count('ShadowErrors', 'fourfold');
    const [{ pid } = { pid: 0 }] = await processesOf('fourfold');
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGSTOP');
    const { predictionId } = await unharmed('caller-1');
    await expect.poll(async () => (await processesOf('fourfold'))[0]?.inFlight).toBe(1);
    process.kill(pid, 'SIGKILL');

    await expect.poll(() => count('ShadowErrors', 'fourfold')).toBe(before + 1);
    expect(await stored('queued', predictionId, 'shadow#fourfold')).toBeUndefined();
    expect(await count('AsynchronousFailures', 'fourfold')).toBe(0);
    const read = await run.client('queued').get(`/predictions/${predictionId}`);
    expect(read.body.prediction.mass.unit).toBe('kg');
  });

  it('go to no instance, and wake each for its own requests', async () => {
    const before = await count('ShadowPredictions', 'fourfold');
    const caller = await callerOf('champion');
    // What still waits for the shadow, whose process has just died, would keep an instance.
    await expect
      .poll(() => count('ShadowPredictions', 'fourfold'), { timeout: 10_000 })
      .toBe(before + CALLERS.indexOf(caller) + 1);
    const instances = () =>
      inTurn(
        ['champion', 'thrice', 'fourfold'].map((variant) => async () => (await processesOf(variant)).length),
      );
    clock.endMinutes(16);
    await expect.poll(instances, { timeout: 10_000 }).toEqual([0, 0, 0]);

    const { body } = await ask('queued', caller);
    clock.endMinutes(3);
    const { body: answer } = await laterAnswer(run.client('queued'), body.predictionId);
    expect(answer.prediction.mass.value).toBe(10);
    await expect.poll(instances, { timeout: 10_000 }).toEqual([1, 0, 1]);
  });
});
