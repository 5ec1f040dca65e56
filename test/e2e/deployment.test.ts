import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from './assembly.ts';
import { goldenCases, skewOneByOne } from './golden.ts';
import { type Load, startLoad } from './load.ts';
import { copyProject } from './project-copy.ts';
import { type LocalRun, startRun } from './run.ts';

const MODEL = 'barley-yield';
const CLIENTS = 3;
const copy = copyProject('deployment', [MODEL]);
const [FIRST] = goldenCases(MODEL);
const INPUT = FIRST?.input ?? {};

/** Replaces a text that a file of the model holds once. */
function edit(file: string, before: string, after: string): void {
  const path = join(copy.root, 'models', MODEL, file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(before)).toHaveLength(2);
  writeFileSync(path, text.replace(before, after));
}

const assemblyOf = (name: string) => synthesize(copy.root, join(copy.root, name));

/** Where the unit is lost that the model was trained in. */
const RIGHT_UNIT = 'toKilogramsPerHectare(Number(value))';
const WRONG_UNIT = 'Number(value)';

let run: LocalRun;
let load: Load;
let wrong: string;
let good: string;

beforeAll(async () => {
  // More than a laptop answers: nobody is to be throttled.
  edit('deployment.ts', 'requestsPerSecond: 50, burst: 100', 'requestsPerSecond: 2000, burst: 4000');
  const first = assemblyOf('first.out');
  edit('model.ts', "version: '1.0.0'", "version: '1.1.0'");
  good = assemblyOf('good.out');
  edit('model.ts', RIGHT_UNIT, WRONG_UNIT);
  wrong = assemblyOf('wrong.out');
  run = await startRun(first);
}, 180_000);
afterEach(() => load.stop());
afterAll(async () => {
  await run?.close();
  copy.remove();
});

describe('a deployment to what serves', () => {
  it('is rolled back where the new model answers golden predictions wrongly, and nobody notices', async () => {
    load = startLoad(run.client(MODEL), INPUT, CLIENTS);
    await load.more(3);

    const { status, body } = await run.deploy(wrong);
    await load.more(3);
    await load.stop();

    expect(status).toBe(409);
    expect(body.status).toBe('rolled-back');
    expect(body.reason).toMatch(
      /\/Functions\/Verification\/Resource: 8 of 8 golden predictions are answered wrongly\. For \{"variety":"Glabron","site":"Crookston"\}: yield should be 2344\.49\d+ and is 43\.57\d+\.$/,
    );
    const answers = load.answers.flat();
    expect(answers.length).toBeGreaterThanOrEqual(6 * CLIENTS);
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['1.0.0']));
    expect(new Set(answers.map(({ value }) => Math.round(Number(value))))).toEqual(new Set([2344]));
  }, 120_000);

  it('replaces the old version without a request that fails, and without a loss', async () => {
    const client = run.client(MODEL);
    const before = await client.predict({ input: INPUT });
    const processesBefore = (await run.modelProcesses()).map(({ pid }) => pid);
    load = startLoad(client, INPUT, CLIENTS);
    await load.more(3);

    expect(await run.deploy(good)).toMatchObject({ status: 200, body: { status: 'deployed' } });
    const answeredByThen = load.answers.map(({ length }) => length);
    await load.more(3);
    await load.stop();

    const answers = load.answers.flat();
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([200]));
    for (const [index, own] of load.answers.entries()) {
      const versions = own.map(({ version }) => version);
      // No way back once a client has met the new version; whoever asks after the deployment meets it.
      expect(versions.lastIndexOf('1.0.0')).toBe(versions.indexOf('1.1.0') - 1);
      expect(versions.slice((answeredByThen[index] ?? 0) + 1)).not.toContain('1.0.0');
    }
    expect(await client.get(`/predictions/${before.body.predictionId}`)).toMatchObject({
      status: 200,
      body: { version: '1.0.0', prediction: before.body.prediction },
    });
    expect((await client.get('/model')).body.version).toBe('1.1.0');
    expect(await skewOneByOne(client, goldenCases(MODEL).slice(0, 5))).toEqual([]);
    const gone = async () => (await run.modelProcesses()).every(({ pid }) => !processesBefore.includes(pid));
    await expect.poll(gone, { timeout: 20_000 }).toBe(true);
  }, 120_000);
});
