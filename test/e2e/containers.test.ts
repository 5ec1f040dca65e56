import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from './assembly.ts';
import { ATTEMPTS, refusal, refusalOf } from './attempts.ts';
import { type LocalRun, startRun } from './run.ts';
import { smallProject } from './small-project.ts';

/** Two features of a field, and what a linear model makes of them. */
const modelOf = (name: string) => `
import { z } from 'zod';
import { defineModel, quantity } from '../../contract/index.ts';

export const model = defineModel({
  name: '${name}',
  version: '1.0.0',
  title: 'Yield by rain and nitrogen',
  description: 'A linear model.',
  input: z.strictObject({
    rain: quantity('mm', { description: 'Rain', example: 400, min: 0 }),
    nitrogen: quantity('kg/ha', { description: 'Nitrogen', example: 90, min: 0 }),
  }),
  output: z.object({
    yield: quantity('kg/ha', { description: 'Yield', example: 3000 }),
    spread: quantity('kg/ha', { description: 'Its standard deviation', example: 200 }),
  }),
  artifact: 'coefficients.csv',
  preprocess: (inputs) => [
    {
      name: 'features',
      shape: [inputs.length, 2],
      datatype: 'FP64',
      data: inputs.flatMap(({ rain, nitrogen }) => [rain, nitrogen]),
    },
  ],
  postprocess: ([predictions]) => {
    const { shape: [rows = 0] = [], data = [] } = predictions ?? {};
    return Array.from({ length: rows }, (_, row) => ({
      yield: Number(data[row * 2]),
      spread: Number(data[row * 2 + 1]),
    }));
  },
});
`;

const deploymentOf = (container: object, access?: object) => `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: { mode: 'serverless', memoryMb: 1024, maxConcurrency: 5, container: ${JSON.stringify(container)} },
  objectives: { latencyP95Ms: 800 },
  access: ${JSON.stringify(access)},
});
`;

/** A container of somebody else's: it takes and answers csv, and knows nothing of this project. */
const SERVER = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const folder = process.env.MODEL_DIR ?? '/opt/ml/model';
const coefficients = readFileSync(folder + '/coefficients.csv', 'utf8').trim().split(',').map(Number);

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  if (request.url === '/ping') return response.end();
  if (request.headers['content-type'] !== 'text/csv' || request.headers.accept !== 'text/csv') {
    return response.writeHead(415).end();
  }
  const rows = body.split('\\n').map((line) => line.split(',').map(Number));
  const answer = rows.map(([rain, nitrogen]) =>
    rain > 5000 ? 'nan,1' : [coefficients[0] * rain + coefficients[1] * nitrogen, process.env.SPREAD].join(),
  );
  response.writeHead(200, { 'content-type': 'text/csv' }).end(answer.join('\\n') + '\\n');
}).listen(Number(process.env.SAGEMAKER_BIND_TO_PORT ?? 8080), process.env.BIND_ADDRESS);
`;

const DOCKERFILE = `FROM node:22-slim
WORKDIR /opt/server
COPY server.mjs ./
ENTRYPOINT ["node", "server.mjs"]
`;

const files = (name: string, container: object, access?: object) => ({
  [`${name}/model.ts`]: modelOf(name),
  [`${name}/deployment.ts`]: deploymentOf(container, access),
  [`${name}/artifacts/coefficients.csv`]: '2.5,10.25\n',
});

/** Nobody asks this model by its API, so nobody publishes keys there. */
const TOKENS = {
  kind: 'jwt',
  issuer: 'https://login.example',
  audience: 'models',
  jwksUrl: 'https://login.example/.well-known/jwks.json',
  requestsPerSecond: 50,
  burst: 100,
};

let project: string;
let run: LocalRun;

beforeAll(async () => {
  project = smallProject('containers', {
    ...files('own-container', {
      kind: 'dockerfile',
      folder: 'models/own-container/server',
      codec: 'csv',
      environment: { SPREAD: '125.5' },
    }),
    'own-container/server/Dockerfile': DOCKERFILE,
    'own-container/server/server.mjs': SERVER,
    ...files('boosted-trees', { kind: 'xgboost', version: '3.2-0' }, TOKENS),
  });
  run = await startRun(synthesize(project, join(project, 'cdk.out')));
}, 120_000);

afterAll(async () => {
  await run?.close();
  rmSync(project, { recursive: true, force: true });
});

describe('a container that is built from a folder of the project and speaks csv', () => {
  it('answers one input', async () => {
    const { status, body } = await run.client('own-container').predict({
      input: { rain: 400, nitrogen: { value: 0.09, unit: 't/ha' } },
    });

    expect(status).toBe(200);
    expect(body.prediction).toEqual({
      yield: { value: 2.5 * 400 + 10.25 * 90, unit: 'kg/ha' },
      spread: { value: 125.5, unit: 'kg/ha' },
    });
  });

  it('answers many, in their order', async () => {
    const inputs = Array.from({ length: 50 }, (_, index) => ({ rain: index / 3, nitrogen: 1e-7 * index }));
    const { status, body } = await run.client('own-container').predict({ inputs });

    expect(status).toBe(200);
    expect(
      body.predictions.map(
        ({ prediction }: { prediction: { yield: { value: number } } }) => prediction.yield.value,
      ),
    ).toEqual(inputs.map(({ rain, nitrogen }) => 2.5 * rain + 10.25 * nitrogen));
  });

  it('is healthy', async () => {
    expect(await run.client('own-container').get('/health')).toMatchObject({
      status: 200,
      body: { status: 'healthy' },
    });
  });

  it('has an answer that is no number told as the fault of the model', async () => {
    const { status, body } = await run
      .client('own-container')
      .predict({ input: { rain: 6000, nitrogen: 1 } });

    expect(status).toBe(502);
    expect(body.code).toBe('model-error');
  });
});

describe("an image of AWS's, which no laptop runs", () => {
  const REASON =
    /^the image \d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/sagemaker-xgboost:3\.2-0 is not built from this assembly$/;

  it('is listed at start with the reason', () => {
    expect(run.notEmulated.filter(({ type }) => type === 'AWS::SageMaker::Endpoint')).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(REASON) }),
    ]);
  });

  it('is not verified, and keeps nothing else from starting', () => {
    expect(run.notEmulated.filter(({ type }) => type === 'Custom::FurrowVerification')).toEqual([
      expect.objectContaining({
        reason: expect.stringMatching(
          /^it is about furrow-dev-boosted-trees-serverless-\w+, which does not run here$/,
        ),
      }),
    ]);
  });

  it('answers 501 with the reason', async () => {
    const endpointName = run.resource('boosted-trees', 'AWS::SageMaker::Endpoint').replace(/^.*\//, '');
    const client = new SageMakerRuntimeClient({
      endpoint: run.frontDoorUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'developer', secretAccessKey: 'of-this-laptop' },
      maxAttempts: 1,
    });
    const asking = client.send(new InvokeEndpointCommand({ EndpointName: endpointName, Body: '400,90' }));

    await expect(asking).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
      message: expect.stringContaining('is not built from this assembly'),
    });
    client.destroy();
  });
});

describe('the role of what verifies the tokens of an API', () => {
  const attempting = () =>
    ({ run, fn: 'authorize', model: 'boosted-trees', other: 'own-container' }) as const;

  it.each(ATTEMPTS)('may not %s: it may do nothing', async (attempt) => {
    expect(await refusal(attempting(), attempt)).toMatch(refusalOf(attempt));
  });
});
