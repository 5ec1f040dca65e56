import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ShiftedClock } from '../local/core/support/shifted-clock.ts';
import { synthesize } from './assembly.ts';
import { copyProject } from './project-copy.ts';
import { type LocalRun, startRun } from './run.ts';

const clock = new ShiftedClock();
const project = copyProject('scaling', ['barley-yield', 'reference-evapotranspiration', 'tumour-screening']);
let run: LocalRun;

/** Each instance is planned for 4.2 requests a minute: a tenth of a request a second was measured, and 70 % of it. */
const REALTIME = `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: {
    mode: 'realtime',
    instanceType: 'ml.m5.large',
    instances: { min: 1, max: 3 },
    requestsPerSecondPerInstance: 0.1,
    surge: { timesTarget: 5 },
  },
  rollout: { strategy: 'all-at-once' },
  objectives: { latencyP95Ms: 800 },
});
`;

const TO_ZERO = `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: {
    mode: 'realtime',
    instanceType: 'ml.m5.large',
    instances: { min: 0, max: 2 },
    requestsPerSecondPerInstance: 10,
    scaleToZero: { memoryMb: 1024 },
  },
  objectives: { latencyP95Ms: 800 },
});
`;

const PROVISIONED = `
import { defineDeployment } from '../../contract/index.ts';

export const deployment = defineDeployment({
  hosting: { mode: 'lambda', provisionedConcurrency: { min: 1, max: 2, targetUtilization: 0.7 } },
  objectives: { latencyP95Ms: 300 },
});
`;

beforeAll(async () => {
  writeFileSync(join(project.root, 'models/barley-yield/deployment.ts'), REALTIME);
  writeFileSync(join(project.root, 'models/tumour-screening/deployment.ts'), TO_ZERO);
  writeFileSync(join(project.root, 'models/reference-evapotranspiration/deployment.ts'), PROVISIONED);
  run = await startRun(synthesize(project.root, join(project.root, 'cdk.out')), clock);
}, 120_000);
afterAll(async () => {
  await run.close();
  project.remove();
});

/** Asks so many predictions, all of which have to be answered, and ends the minute. */
async function minuteOf(requests: number): Promise<void> {
  const input = { variety: 'Trebi', site: 'Waseca' };
  for (let request = 0; request < requests; request += 1) {
    const { status } = await run.client('barley-yield').predict({ input });
    expect(status).toBe(200);
  }
  clock.endMinutes();
}

const instances = (count: number, model = 'barley-yield') =>
  vi.waitFor(async () => expect(await run.modelProcesses(model)).toHaveLength(count), 30_000);

describe('an endpoint on instances', () => {
  it('gets instances for its load and gives them back, without a failed request', async () => {
    await instances(1);
    clock.endMinutes();
    for (let minute = 0; minute < 3; minute += 1) await minuteOf(7);
    // 7 a minute are the load of two instances.
    await instances(2);
    await minuteOf(1);

    clock.endMinutes(15);
    await instances(1);
    await minuteOf(1);
  });

  it('gets them within one minute in a surge', async () => {
    await instances(1);
    await minuteOf(22);
    await instances(3);
    await minuteOf(1);
  });
});

describe('an endpoint that goes to zero', () => {
  it('has no process after an idle time, refuses the first request, is woken by it and answers as before', async () => {
    const client = run.client('tumour-screening');
    const { body: card } = await client.get('/model');
    const ask = () => client.predict({ input: card.example.input });
    // Whatever went before: one request, and time for what it wakes.
    await ask();
    clock.endMinutes();
    await instances(1, 'tumour-screening');
    const before = await ask();
    expect(before.status).toBe(200);

    clock.endMinutes(17);
    await instances(0, 'tumour-screening');
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(refused.body.code).toBe('model-starting');
    expect(refused.headers.get('retry-after')).toBe('60');

    clock.endMinutes();
    await instances(1, 'tumour-screening');
    const woken = await ask();
    expect(woken.status).toBe(200);
    expect(woken.body.prediction).toEqual(before.body.prediction);
  });
});

describe('a function with provisioned concurrency', () => {
  it('answers by its alias, whose environment is ready', async () => {
    const client = run.client('reference-evapotranspiration');
    const { body: card } = await client.get('/model');
    const { status } = await client.predict({ input: card.example.input });
    expect(status).toBe(200);

    // Several functions have an alias, and one of them is scaled: `function:<name>:live|…`.
    const target = 'AWS::ApplicationAutoScaling::ScalableTarget';
    const name = run.resource('reference-evapotranspiration', target).split(':')[1] ?? '';
    const dimensions = { FunctionName: name, Resource: `${name}:live` };
    expect(await run.metricSum('AWS/Lambda', 'ProvisionedConcurrencyUtilization', dimensions)).toBe(1);
  });
});
