import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, synthesize } from './assembly.ts';
import { type LocalRun, startRun } from './run.ts';

const ASSEMBLY = join(ROOT, 'build', 'e2e', 'prod');

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(synthesize(ROOT, ASSEMBLY, { environment: 'prod' }));
});
afterAll(async () => {
  await run.close();
  rmSync(ASSEMBLY, { recursive: true, force: true });
});

describe('prod on the laptop', () => {
  it('predicts, captures and answers what it captured, with keys that are its own', async () => {
    const barley = run.client('barley-yield');
    const { status, body } = await barley.predict({ input: { variety: 'Trebi', site: 'Waseca' } });

    expect(status).toBe(200);
    expect((await barley.get(`/predictions/${body.predictionId}`)).body.prediction).toEqual(body.prediction);
  });

  it('takes what the table refused through the queue that has a key', async () => {
    await run.addFault({
      service: 'dynamodb',
      operation: 'BatchWriteItem',
      error: { status: 500, code: 'InternalServerError', message: 'down' },
    });
    const client = run.client('reference-evapotranspiration');
    const { body: card } = await client.get('/model');
    const { status, body } = await client.predict({ input: card.example.input });
    await run.clearFaults();

    expect(status).toBe(200);
    await expect
      .poll(async () => (await client.get(`/predictions/${body.predictionId}`)).status, {
        timeout: 50_000,
        interval: 500,
      })
      .toBe(200);
  });

  it('has the keys of every stack, without effect, and says so', async () => {
    const { body } = await run.send(`${run.frontDoorUrl}/_local/resources`);
    const keys = (body.resources as { type: string; stack: string; support: string }[]).filter(
      ({ type }) => type === 'AWS::KMS::Key',
    );

    expect(keys.map(({ stack }) => stack)).toEqual(
      expect.arrayContaining(['furrow-prod-shared', 'furrow-prod-barley-yield']),
    );
    expect(new Set(keys.map(({ support }) => support))).toEqual(new Set(['inert']));
  });
});
