import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANT, pngOf, SOIL } from '../imaging/pictures.ts';
import { ROOT, synthesize } from './assembly.ts';
import { laterAnswer } from './later.ts';
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

  it('takes an uploaded photograph, and answers it later without keeping it', async () => {
    const canopy = run.client('canopy-cover');
    const file = pngOf({ width: 4, height: 1 }, Uint8Array.of(0, ...PLANT, ...SOIL, ...SOIL, ...SOIL));
    const offer = { contentType: 'image/png', bytes: file.length };
    const { uploadId, url, method, headers } = (await canopy.post('/uploads', offer)).body;
    expect((await fetch(url, { method, headers, body: file })).status).toBe(200);

    const accepted = await canopy.predict({ input: { photo: { upload: uploadId } } });
    expect(accepted.status).toBe(202);
    const { body } = await laterAnswer(canopy, accepted.body.predictionId);
    expect(body.prediction).toEqual({ canopyCover: { value: 25, unit: '%' } });
    expect(body.input.photo).toMatchObject({ format: 'image/png', width: 4, height: 1, bytes: file.length });

    const bomb = pngOf({ width: 4, height: 1 }, new Uint8Array(1_000_000));
    const refused = await canopy.predict({ input: { photo: { data: bomb.toString('base64') } } });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/input/photo', code: 'image-corrupt' }] },
    });
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
