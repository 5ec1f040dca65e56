import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { synthesize } from '../e2e/assembly.ts';
import { goldenCases, skewAsList, skewOneByOne } from '../e2e/golden.ts';
import { copyProject } from '../e2e/project-copy.ts';
import { startRun } from '../e2e/run.ts';

const MODEL = 'barley-yield';
const copy = copyProject('hosting-modes', [MODEL]);
afterAll(() => copy.remove());

/** Edits the one line of `deployment.ts` that says where the model runs. */
function moveTo(hosting: string): void {
  const file = join(copy.root, 'models', MODEL, 'deployment.ts');
  const lines = readFileSync(file, 'utf8').split('\n');
  const places = lines.flatMap((line, index) => (/^ {2}hosting: \{.*\},$/.test(line) ? [index] : []));
  expect(places).toHaveLength(1);
  writeFileSync(file, lines.with(places[0] ?? 0, `  hosting: ${hosting},`).join('\n'));
}

describe('a model moved by one line of its deployment', () => {
  it.each([
    ['lambda', "{ mode: 'lambda', memoryMb: 1024 }", 0],
    ['serverless', "{ mode: 'serverless', memoryMb: 2048, maxConcurrency: 10 }", 1],
    [
      'realtime',
      "{ mode: 'realtime', instanceType: 'ml.c6i.large', instances: { min: 2, max: 2 }, requestsPerSecondPerInstance: 100 }",
      1,
    ],
    [
      'asynchronous',
      "{ mode: 'asynchronous', instanceType: 'ml.c6i.large', instances: { max: 2 }, backlogPerInstance: 5 }",
      1,
    ],
  ])(
    'gives the same golden predictions on %s',
    async (mode, hosting, endpoints) => {
      moveTo(hosting);
      const assembly = synthesize(copy.root, join(copy.root, 'cdk.out'));
      const run = await startRun(assembly);
      onTestFinished(() => run.close());

      expect(run.count('AWS::SageMaker::Endpoint')).toBe(endpoints);
      if (endpoints > 0) expect(run.resource(MODEL, 'AWS::SageMaker::Endpoint')).toContain(mode);
      const client = run.client(MODEL);
      const cases = goldenCases(MODEL);
      expect(cases).toHaveLength(60);
      expect(await skewOneByOne(client, cases)).toEqual([]);
      expect(await skewAsList(client, cases)).toEqual([]);
      expect(await client.get('/health')).toMatchObject({ status: 200, body: { status: 'healthy' } });
    },
    120_000,
  );
});
