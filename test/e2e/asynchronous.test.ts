import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ShiftedClock } from '../local/core/support/shifted-clock.ts';
import { ROOT, synthesize } from './assembly.ts';
import { clientOf, type ModelClient } from './client.ts';
import { editedAssembly } from './edited-assembly.ts';
import { laterAnswer } from './later.ts';
import { type ServerProcess, startProcess } from './process.ts';
import { copyProject } from './project-copy.ts';
import { startReceiver } from './receiver.ts';
import { type LocalRun, startRun } from './run.ts';

const copy = copyProject('asynchronous', ['barley-yield', 'reference-evapotranspiration']);
let assembly: string;
/** The same with a model that answers in another unit than it says. */
let wrong: string;

/** The one line that moves a model. */
const SERVERLESS = "hosting: { mode: 'serverless', memoryMb: 2048, maxConcurrency: 10 },";
const ASYNCHRONOUS =
  "hosting: { mode: 'asynchronous', instanceType: 'ml.m5.large', instances: { max: 2 }, backlogPerInstance: 5, callbacks: { hosts: ['hooks.example.com'] } },";

const reference = JSON.parse(
  readFileSync(join(ROOT, 'models/barley-yield/artifacts/reference.json'), 'utf8'),
) as { cases: { input: object; output: { yield: number } }[] };

/** Where the unit is that the model was trained in. */
const RIGHT_UNIT = 'toKilogramsPerHectare(Number(value))';

const INPUT = { variety: 'Trebi', site: 'Waseca' };

beforeAll(() => {
  const file = join(copy.root, 'models/barley-yield/deployment.ts');
  const declared = readFileSync(file, 'utf8');
  expect(declared).toContain(SERVERLESS);
  writeFileSync(file, declared.replace(SERVERLESS, ASYNCHRONOUS));
  assembly = synthesize(copy.root, join(copy.root, 'cdk.out'));
  const model = join(copy.root, 'models/barley-yield/model.ts');
  const right = readFileSync(model, 'utf8');
  expect(right).toContain(RIGHT_UNIT);
  writeFileSync(model, right.replace(RIGHT_UNIT, 'Number(value)'));
  wrong = synthesize(copy.root, join(copy.root, 'wrong.out'));
}, 60_000);
afterAll(() => copy.remove());

describe('barley-yield, asynchronous', () => {
  const clock = new ShiftedClock();
  let run: LocalRun;
  const barley = () => run.client('barley-yield');

  beforeAll(async () => {
    run = await startRun(assembly, clock);
  });
  afterAll(() => run.close());

  it('accepts with 202 and answers what every other mode answers', async () => {
    const accepted = await barley().predict({ input: INPUT, units: { yield: 'bu/acre' } });
    const { predictionId } = accepted.body;
    expect(accepted).toMatchObject({
      status: 202,
      body: { status: 'pending', model: 'barley-yield', version: '1.0.0', variant: 'champion', warnings: [] },
    });
    expect(accepted.headers.get('location')).toBe(`predictions/${predictionId}`);
    expect(accepted.headers.get('retry-after')).toBe('5');

    const { status, headers, body } = await laterAnswer(barley(), predictionId);
    expect(status).toBe(200);
    expect(headers.get('retry-after')).toBeNull();
    expect(Object.keys(body).sort()).toEqual(
      ['createdAt', 'input', 'model', 'prediction', 'predictionId', 'variant', 'version', 'warnings'].sort(),
    );
    expect(body.input).toEqual(INPUT);
    expect(body.prediction.yield.unit).toBe('bu/acre');
  });

  it('refuses what the contract excludes at once', async () => {
    const { status, body } = await barley().predict({ input: { ...INPUT, site: 'Fargo' } });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: '/input/site', code: 'unknown-category' }]);
  });

  it('takes feedback, and tells its health by its latest request', async () => {
    const { predictionId } = (await barley().predict({ input: INPUT })).body;
    await laterAnswer(barley(), predictionId);
    const feedback = await barley().post(`/predictions/${predictionId}/feedback`, {
      actual: { yield: 3000 },
    });
    expect(feedback.status).toBe(201);
    const stored = await barley().get(`/predictions/${predictionId}`);
    expect(stored.body.feedback.actual).toEqual({ yield: { value: 3000, unit: 'kg/ha' } });
    expect((await barley().get('/health')).body.status).toBe('healthy');
  });

  it('describes its 202 and its pending answer as OpenAPI', async () => {
    const { body } = await barley().get('/openapi.json');
    expect(await new Validator().validate(body)).toMatchObject({ valid: true });
    expect(Object.keys(body.paths['/predictions'].post.responses)).toContain('202');
    expect(Object.keys(body.paths['/predictions'].post.responses)).not.toContain('200');
    const names = ({ parameters }: { parameters: { name: string }[] }) => parameters.map(({ name }) => name);
    expect(names(body.paths['/predictions'].post)).toContain('x-callback-url');
    const other = await run.client('reference-evapotranspiration').get('/openapi.json');
    expect(names(other.body.paths['/predictions'].post)).not.toContain('x-callback-url');
    expect(Object.keys(other.body.paths['/predictions'].post.responses)).not.toContain('202');
  });

  it('calls back once the predictions are there, again where the receiver was not', async () => {
    await using receiver = await startReceiver([503, 204]);
    const accepted = await barley().send('/predictions', {
      method: 'POST',
      headers: {
        ...barley().headers,
        'x-callback-url': `${receiver.url}/harvest?token=known-to-the-receiver`,
      },
      body: JSON.stringify({ inputs: [INPUT, { ...INPUT, site: 'Duluth' }] }),
    });
    expect(accepted.status).toBe(202);
    const ids: string[] = accepted.body.predictions.map(
      ({ predictionId }: { predictionId: string }) => predictionId,
    );

    const putOff = await run.logLines((line) => line.includes('callback put off'));
    expect(putOff).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
    clock.endMinutes(2);
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(2);

    const [first, second] = receiver.received;
    expect(second).toEqual(first);
    expect(first).toEqual({
      path: '/harvest?token=known-to-the-receiver',
      id: ids[0],
      body: {
        callbackId: ids[0],
        model: 'barley-yield',
        status: 'succeeded',
        predictionIds: ids,
      },
    });
    for (const id of ids)
      expect((await barley().get(`/predictions/${id}`)).body.prediction.yield.unit).toBe('kg/ha');
    const dimensions = { environment: 'dev', service: 'barley-yield' };
    await expect.poll(() => run.metricSum('Furrow', 'Callbacks', dimensions)).toBe(1);
    expect(await run.metricSum('Furrow', 'CallbacksDeferred', dimensions)).toBe(1);
    expect(await run.logLines((line) => line.includes('called back'))).toHaveLength(1);
    expect((await run.logLines(() => true)).join('\n')).not.toContain('known-to-the-receiver');
  });

  it('refuses to call back whom it is not to, and where it answers at once', async () => {
    const ask = (model: string, url: string) => {
      const client = run.client(model);
      const headers = { ...client.headers, 'x-callback-url': url };
      return client.send('/predictions', { method: 'POST', headers, body: JSON.stringify({ input: INPUT }) });
    };

    const { status, body } = await ask('barley-yield', 'https://evil.example/');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'invalid-callback',
      detail: expect.stringContaining('hooks.example.com'),
    });
    expect((await ask('reference-evapotranspiration', 'https://hooks.example.com/')).body).toMatchObject({
      code: 'invalid-callback',
      detail: 'This model makes no callbacks. Leave the header x-callback-url out.',
    });
  });

  it('stores a failure where the model dies under the request', async () => {
    const [{ pid } = { pid: 0 }] = await run.modelProcesses();
    process.kill(pid, 'SIGSTOP');
    const { predictionId } = (await barley().predict({ input: INPUT })).body;
    await expect.poll(async () => (await run.modelProcesses())[0]?.inFlight, { timeout: 10_000 }).toBe(1);
    const pending = await barley().get(`/predictions/${predictionId}`);
    expect(pending).toMatchObject({ status: 200, body: { status: 'pending', input: INPUT } });
    expect(pending.headers.get('retry-after')).toBe('5');
    expect(pending.body.prediction).toBeUndefined();

    process.kill(pid, 'SIGKILL');
    const { status, body } = await laterAnswer(barley(), predictionId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'failed', problem: { code: 'model-error', status: 502 } });
    expect(JSON.stringify(body)).not.toMatch(/arn:aws|primary/);
    // It is noted once the outcome is stored.
    await expect.poll(async () => (await barley().get('/health')).body.code).toBe('model-error');
    const dimensions = { environment: 'dev', service: 'barley-yield' };
    await expect.poll(() => run.metricSum('Furrow', 'AsynchronousFailures', dimensions)).toBe(1);

    await expect.poll(async () => (await run.modelProcesses()).length, { timeout: 10_000 }).toBe(1);
    const again = (await barley().predict({ input: INPUT })).body.predictionId;
    expect((await laterAnswer(barley(), again)).body.prediction.yield.unit).toBe('kg/ha');
    await expect.poll(async () => (await barley().get('/health')).body.status).toBe('healthy');
  });

  it('has no instance once nothing has waited for fifteen minutes, and one again for who waits for two', async () => {
    const instances = async () => (await run.modelProcesses()).length;
    expect(await instances()).toBe(1);
    clock.endMinutes(16);
    await expect.poll(instances, { timeout: 10_000 }).toBe(0);

    const { predictionId } = (await barley().predict({ input: INPUT })).body;
    clock.endMinutes();
    expect((await barley().get(`/predictions/${predictionId}`)).body.status).toBe('pending');
    expect(await instances()).toBe(0);
    clock.endMinutes(2);
    expect((await laterAnswer(barley(), predictionId)).body.prediction.yield.unit).toBe('kg/ha');
    expect(await instances()).toBe(1);
  });

  it.each([
    ['predict', 'read an answer', 's3:GetObject'],
    ['predict', 'ask the endpoint for an answer at once', 'sagemaker:InvokeEndpoint'],
    ['complete', 'put a request', 's3:PutObject'],
    ['complete', 'queue a request', 'sagemaker:InvokeEndpointAsync'],
    ['complete', 'delete a request', 's3:DeleteObject'],
    ['verify', 'read an answer', 's3:GetObject'],
    ['verify', 'queue a request', 'sagemaker:InvokeEndpointAsync'],
    ['get-prediction', 'read an answer', 's3:GetObject'],
    ['drain', 'queue a request', 'sagemaker:InvokeEndpointAsync'],
    ['notify', 'read an answer', 's3:GetObject'],
    ['notify', 'read a prediction', 'dynamodb:GetItem'],
    ['notify', 'have itself call back', 'sqs:SendMessage'],
    ['predict', 'have somebody called back', 'sqs:SendMessage'],
    ['complete', 'take callbacks away', 'sqs:ReceiveMessage'],
  ] as const)('%s may not %s', async (fn, _, action) => {
    const config = {
      endpoint: run.frontDoorUrl,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: run.credentialsOf('barley-yield', fn),
    };
    const s3 = new S3Client({ ...config, forcePathStyle: true });
    const sagemaker = new SageMakerRuntimeClient(config);
    const Bucket = run.resource('barley-yield', 'AWS::S3::Bucket');
    const EndpointName = run.resource('barley-yield', 'AWS::SageMaker::Endpoint').split('/').at(-1) ?? '';
    const QueueUrl = run.queueUrl('barley-yield', 'Callbacks');
    const TableName = run.resource('barley-yield', 'AWS::DynamoDB::Table');
    const sqs = new SQSClient(config);
    const attempts = {
      'dynamodb:GetItem': () =>
        new DynamoDBClient(config).send(
          new GetItemCommand({ TableName, Key: { predictionId: { S: 'any' }, record: { S: 'prediction' } } }),
        ),
      'sqs:SendMessage': () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
      'sqs:ReceiveMessage': () => sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 })),
      's3:GetObject': () => s3.send(new GetObjectCommand({ Bucket, Key: 'outputs/any' })),
      's3:PutObject': () => s3.send(new PutObjectCommand({ Bucket, Key: 'inputs/any', Body: '{}' })),
      's3:DeleteObject': () => s3.send(new DeleteObjectCommand({ Bucket, Key: 'inputs/any' })),
      'sagemaker:InvokeEndpoint': () =>
        sagemaker.send(new InvokeEndpointCommand({ EndpointName, Body: '{}' })),
      'sagemaker:InvokeEndpointAsync': () =>
        sagemaker.send(
          new InvokeEndpointAsyncCommand({ EndpointName, InputLocation: `s3://${Bucket}/inputs/any` }),
        ),
    };

    await expect(attempts[action]()).rejects.toThrow(`is not authorized to perform: ${action}`);
  });

  it('is rolled back where the new model answers golden predictions wrongly, and goes on as it was', async () => {
    const { status, body } = await run.deploy(wrong);

    expect(status).toBe(409);
    expect(body.status).toBe('rolled-back');
    expect(body.reason).toMatch(
      /\/Functions\/Verification\/Resource: 8 of 8 golden predictions are answered wrongly\. For \{"variety":"Glabron","site":"Crookston"\}: yield should be 2344\.49\d+ and is 43\.57\d+\.$/,
    );
    const { predictionId } = (await barley().predict({ input: reference.cases[0]?.input ?? {} })).body;
    const { prediction } = (await laterAnswer(barley(), predictionId)).body;
    expect(Math.round(prediction.yield.value)).toBe(2344);
  });

  it('has been verified twice without a trace in its bucket, and without an error in its log', async () => {
    const s3 = new S3Client({
      endpoint: run.frontDoorUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'developer', secretAccessKey: 'any' },
      forcePathStyle: true,
    });
    const Bucket = run.resource('barley-yield', 'AWS::S3::Bucket');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'inputs/' }));

    expect(Contents.length).toBeGreaterThan(0);
    expect(Contents.filter(({ Key = '' }) => Key.startsWith('inputs/verification/'))).toEqual([]);
    const lines = await run.logLines((line) =>
      /accepted|not completed|golden predictions (failed|not deleted)/.test(line),
    );
    expect(lines.filter((line) => !line.includes('accepted'))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });
});

describe('kill -9 between the acceptance and the answer', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'furrow-asynchronous-'));
  let server: ServerProcess | undefined;
  afterAll(async () => {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  // A notification that a killed function held comes back after its queue's visibility timeout: the same path, sooner.
  const impatient = () =>
    editedAssembly(assembly, 'asynchronous-killed', ({ Type, Properties }, logicalId) => {
      if (Type === 'AWS::SQS::Queue' && logicalId.includes('NotificationsQueue'))
        Properties.VisibilityTimeout = 5;
    });
  const start = async (app: string): Promise<ModelClient> => {
    server = startProcess(['--app', app, '--data-dir', dataDir, '--port', '0']);
    const model = (await server.ready).models.find(({ name }) => name === 'barley-yield');
    if (model === undefined) throw new Error('barley-yield is not served');
    return clientOf(model);
  };

  it('loses nothing that was accepted', async () => {
    const app = impatient();
    const before = await start(app);
    const accepted: string[] = [];
    const inputs = reference.cases.slice(0, 20).map(({ input }) => input);
    const answers = await Promise.all(inputs.map((input) => before.predict({ input })));
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      accepted.push(body.predictionId);
    }
    await server?.killEverything();

    const after = await start(app);
    for (const [index, id] of accepted.entries()) {
      const { body } = await laterAnswer(after, id);
      const expected = reference.cases[index]?.output.yield ?? Number.NaN;
      expect(Math.abs(body.prediction.yield.value / expected - 1)).toBeLessThan(1e-5);
    }
  }, 120_000);
});

describe("an endpoint's role that may not read its requests", () => {
  let run: LocalRun;
  beforeAll(async () => {
    const edited = editedAssembly(assembly, 'asynchronous-denied', ({ Type, Properties }) => {
      // A permission that is lost after the deployment: in one, its verification would tell.
      if (Type === 'Custom::FurrowVerification') return 'remove';
      if (Type !== 'AWS::IAM::Role') return undefined;
      for (const { PolicyDocument } of Properties.Policies ?? []) {
        PolicyDocument.Statement = PolicyDocument.Statement.filter(
          ({ Sid }: { Sid?: string }) => Sid !== 'ReadRequests',
        );
      }
      return undefined;
    });
    run = await startRun(edited);
  });
  afterAll(() => run.close());

  it('leads to a stored failure, and its log says what is missing', async () => {
    const client = run.client('barley-yield');
    const { predictionId } = (await client.predict({ input: INPUT })).body;
    const { body } = await laterAnswer(client, predictionId);
    expect(body).toMatchObject({ status: 'failed', problem: { code: 'model-error' } });
    const lines = await run.logLines((line) => line.includes('invocation failed'));
    expect(lines.join('\n')).toMatch(/not authorized to perform: s3:GetObject/);
  });
});
