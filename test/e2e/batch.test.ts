import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from './assembly.ts';
import { goldenCases, skewOfList } from './golden.ts';
import { copyProject } from './project-copy.ts';
import { type LocalRun, startRun } from './run.ts';

const MODEL = 'barley-yield';
const ENDS = ['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT'];

/** A model that runs inside its functions: what transforms its batches is deployed for them alone. */
const IN_FUNCTIONS = 'tumour-screening';

const copy = copyProject('batch', [MODEL, IN_FUNCTIONS]);
const cases = goldenCases(MODEL);
let run: LocalRun;
let s3: S3Client;
let sfn: SFNClient;
let bucket: string;
let stateMachineArn: string;

/** Lines that can't be predicted: no JSON, a site that the model does not know, a field too many. */
const BAD = [
  '{"id":"broken","input":',
  '{"id":"unknown site","input":{"variety":"Trebi","site":"Fargo"}}',
  '{"id":7,"input":{"variety":"Trebi","site":"Waseca"},"weight":1}',
];

function addBatch(model: string, hosting: string): void {
  const file = join(copy.root, 'models', model, 'deployment.ts');
  const declared = readFileSync(file, 'utf8');
  expect(declared).toContain(hosting);
  const batch = "batch: { instanceType: 'ml.m5.large', recordsPerRequest: 10 },";
  writeFileSync(file, declared.replace(hosting, `${hosting}\n  ${batch}`));
}

beforeAll(async () => {
  addBatch(MODEL, "hosting: { mode: 'serverless', memoryMb: 2048, maxConcurrency: 10 },");
  addBatch(IN_FUNCTIONS, "hosting: { mode: 'lambda', memoryMb: 1024 },");
  run = await startRun(synthesize(copy.root, join(copy.root, 'cdk.out')));
  s3 = new S3Client(config());
  sfn = new SFNClient(config());
  bucket = run.resource(MODEL, 'AWS::S3::Bucket');
  stateMachineArn = run.resource(MODEL, 'AWS::StepFunctions::StateMachine');
});
afterAll(async () => {
  await run.close();
  copy.remove();
});

const config = () => ({
  endpoint: run.frontDoorUrl,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'developer', secretAccessKey: 'developer' },
});

/** The model server of the transform job that runs now. */
async function jobProcess(): Promise<number | undefined> {
  const { body } = await run.send(`${run.frontDoorUrl}/_local/processes`);
  const processes: { name: string; pid: number }[] = body.processes;
  return processes.find(({ name }) => name.startsWith('transform-job/'))?.pid;
}

const put = (Key: string, Body: string, Bucket = bucket) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }));

const read = async (Key: string, Bucket = bucket) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
};

const start = (name: string, input: object, machine = stateMachineArn) =>
  sfn.send(new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) }));

async function ended(executionArn = ''): Promise<DescribeExecutionCommandOutput> {
  const described = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
  await expect
    .poll(async () => ENDS.includes((await described()).status ?? ''), { timeout: 30_000 })
    .toBe(true);
  return described();
}

describe('a batch of barley', () => {
  it("equals the trainer's own outputs for every reference case, and answers bad lines with problems", async () => {
    const lines = cases.map(({ input }, index) => JSON.stringify({ id: `case-${index}`, input }));
    // The bad ones stand between the others: first, in the middle, and last.
    const mixed = [BAD[0], ...lines.slice(0, 30), BAD[1], '', ...lines.slice(30), BAD[2]];
    await put('incoming/july/barley.jsonl', `${mixed.join('\n')}\n`);
    await put('incoming/july/notes.txt', 'not an input');

    const { executionArn } = await start('july', { prefix: 'incoming/july/' });
    const { status, output = '' } = await ended(executionArn);

    expect(status).toBe('SUCCEEDED');
    const summary = JSON.parse(output);
    expect(summary).toMatchObject({
      status: 'succeeded',
      model: MODEL,
      objects: 1,
      ignoredObjects: 1,
      lines: 63,
      predictions: 60,
      problems: 3,
      problemsByCode: { 'invalid-json': 1, 'invalid-input': 1, 'invalid-request': 1 },
      results: `s3://${bucket}/results/july/`,
    });
    expect(JSON.parse(await read('results/july/summary.json'))).toEqual(summary);

    const results = (await read('results/july/july/barley/00000001.jsonl')).trim().split('\n');
    const answers = results.map((line) => JSON.parse(line));
    expect(answers.map(({ line }) => line)).toEqual(
      mixed.flatMap((line, index) => (line === '' ? [] : [index + 1])),
    );
    expect(
      answers.filter(({ problem }) => problem !== undefined).map(({ id, problem }) => [id, problem.code]),
    ).toEqual([
      [undefined, 'invalid-json'],
      ['unknown site', 'invalid-input'],
      [7, 'invalid-request'],
    ]);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    for (const [index, { output: trained }] of cases.entries()) {
      const { prediction, warnings } = byId.get(`case-${index}`);
      expect(prediction.yield.unit).toBe('kg/ha');
      expect(Math.abs(prediction.yield.value / Number(trained.yield) - 1)).toBeLessThan(1e-5);
      expect(warnings).toEqual([]);
    }
  });

  it('answers like the API, in the units that it is started with', async () => {
    const input = { variety: 'Trebi', site: 'Waseca' };
    await put('incoming/one.jsonl', JSON.stringify({ input }));
    const { executionArn } = await start('one', { prefix: 'incoming/one', units: { yield: 'bu/acre' } });
    expect((await ended(executionArn)).status).toBe('SUCCEEDED');

    const online = await run.client(MODEL).predict({ input, units: { yield: 'bu/acre' } });
    expect(JSON.parse(await read('results/one/one/00000001.jsonl'))).toEqual({
      line: 1,
      prediction: online.body.prediction,
      warnings: online.body.warnings,
    });
  });

  it('fails with the reason where the model dies under it, and leaves that behind', async () => {
    await put('incoming/doomed/a.jsonl', cases.map(({ input }) => JSON.stringify({ input })).join('\n'));
    const { executionArn } = await start('doomed', { prefix: 'incoming/doomed/' });
    await expect.poll(jobProcess, { timeout: 20_000, interval: 10 }).toBeDefined();
    process.kill((await jobProcess()) ?? 0, 'SIGKILL');

    const { status, error, cause } = await ended(executionArn);

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(cause).toMatch(
      /^The transform job furrow-dev-barley-yield-batch-[0-9a-f]{12} failed: AlgorithmError: the model process ended with signal SIGKILL/,
    );
    expect(JSON.parse(await read('results/doomed/summary.json'))).toMatchObject({
      status: 'failed',
      error: 'States.TaskFailed',
      cause,
    });
    const dimensions = { StateMachineArn: stateMachineArn };
    expect(await run.metricSum('AWS/States', 'ExecutionsFailed', dimensions)).toBe(1);
  });

  it('is refused without a function failing where there is nothing to read', async () => {
    const { executionArn } = await start('empty', { prefix: 'incoming/empty/' });

    expect(await ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'InvalidInput',
      cause: 'There is no object below incoming/empty/ whose name ends in .jsonl.',
    });
  });
});

describe('a batch of a model that runs inside its functions', () => {
  it("equals the trainer's own outputs for every reference case", async () => {
    const screened = goldenCases(IN_FUNCTIONS);
    const own = run.resource(IN_FUNCTIONS, 'AWS::S3::Bucket');
    await put('incoming/all.jsonl', screened.map(({ input }) => JSON.stringify({ input })).join('\n'), own);
    const machine = run.resource(IN_FUNCTIONS, 'AWS::StepFunctions::StateMachine');
    const { executionArn } = await start('all', { prefix: 'incoming/all' }, machine);

    expect((await ended(executionArn)).status).toBe('SUCCEEDED');
    const results = (await read('results/all/all/00000001.jsonl', own)).trim().split('\n');
    expect(results).toHaveLength(screened.length);
    const answers = results.map((line) => JSON.parse(line));
    expect(skewOfList(0, screened, answers)).toEqual([]);
  });
});

describe('what the functions of a batch may not do', () => {
  it.each([
    ['batch-prepare', 'results/x', 's3:PutObject'],
    ['batch-finish', 'incoming/x', 's3:PutObject'],
    ['batch-finish', 'work/x', 's3:PutObject'],
  ])('%s may not write %s', async (fn, key, action) => {
    const thief = new S3Client({ ...config(), credentials: run.credentialsAt(MODEL, `Batch/${fn}`) });

    await expect(thief.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'x' }))).rejects.toThrow(
      `is not authorized to perform: ${action}`,
    );
  });

  it.each([
    ['batch-prepare', 'results/one/summary.json'],
    ['batch-finish', 'incoming/one.jsonl'],
  ])('%s may not read %s', async (fn, key) => {
    const thief = new S3Client({ ...config(), credentials: run.credentialsAt(MODEL, `Batch/${fn}`) });

    await expect(thief.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).rejects.toThrow(
      'is not authorized to perform: s3:GetObject',
    );
  });
});
