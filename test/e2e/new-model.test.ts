import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { synthesize } from './assembly.ts';
import { copyProject } from './project-copy.ts';
import { type LocalRun, startRun } from './run.ts';

const copy = copyProject('new-model', ['reference-evapotranspiration']);
let run: LocalRun | undefined;

afterAll(async () => {
  await run?.close();
  copy.remove();
});

const MODEL = `
import { z } from 'zod';
import { defineModel, quantity } from '../../contract/index.ts';

export const model = defineModel({
  name: 'seed-rate',
  version: '2.0.0',
  title: 'Seed rate',
  description: 'Seed needed for a plant density.',
  input: z.strictObject({
    plants: quantity('1/m2', { description: 'Plants wanted', example: 300, min: 1 }),
    seedMass: quantity('mg', { description: 'Mass of one seed', example: 45, min: 1 }),
  }),
  output: z.object({ rate: quantity('kg/ha', { description: 'Seed rate', example: 135 }) }),
  predict: ({ plants, seedMass }) => ({ rate: (plants * seedMass) / 100 }),
});
`;

const DEPLOYMENT = `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({ hosting: { mode: 'lambda' }, objectives: { latencyP95Ms: 300 } });
`;

describe('a new model', () => {
  it('is synthesized and served from its folder alone', async () => {
    mkdirSync(join(copy.root, 'models', 'seed-rate'));
    writeFileSync(join(copy.root, 'models', 'seed-rate', 'model.ts'), MODEL);
    writeFileSync(join(copy.root, 'models', 'seed-rate', 'deployment.ts'), DEPLOYMENT);

    run = await startRun(synthesize(copy.root, join(copy.root, 'cdk.out')));
    expect(run.models.map(({ name }) => name).sort()).toEqual(['reference-evapotranspiration', 'seed-rate']);
    const { status, body } = await run.client('seed-rate').predict({
      input: { plants: 300, seedMass: { value: 0.045, unit: 'g' } },
      units: { rate: 'lb/acre' },
    });
    expect(status).toBe(200);
    expect(body.version).toBe('2.0.0');
    expect(body.prediction.rate.value).toBeCloseTo((135 * 0.40468564224) / 0.45359237, 4);
    const stored = await run.client('seed-rate').get(`/predictions/${body.predictionId}`);
    expect(stored.body.prediction.rate).toEqual({ value: 135, unit: 'kg/ha' });
  }, 120_000);
});
