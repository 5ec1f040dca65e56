import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CommonFunction, FUNCTION_NAMES } from '../../lib/features/functions.ts';
import { ATTEMPTS, type Attempt, refusal, refusalOf } from './attempts.ts';
import { type LocalRun, startRun } from './run.ts';

/** What each function is there for, all of it: whatever else it attempts has to be denied. */
const JOBS: Readonly<Record<CommonFunction, readonly Attempt[]>> = {
  predict: ['write', 'invoke', 'send'],
  'get-prediction': ['query'],
  feedback: ['read', 'put'],
  health: ['invoke'],
  describe: [],
  drain: ['write', 'receive'],
  verify: ['describe-endpoint', 'ask-function'],
};

const MODEL_INPUT = JSON.stringify({
  inputs: [
    { name: 'variety', shape: [1, 1], datatype: 'BYTES', data: ['Trebi'] },
    { name: 'site', shape: [1, 1], datatype: 'BYTES', data: ['Waseca'] },
  ],
});

let run: LocalRun;

beforeAll(async () => {
  run = await startRun(inject('assembly'));
});
afterAll(() => run.close());

describe.each(FUNCTION_NAMES)('the role of %s', (fn) => {
  const attempting = () => ({
    run,
    fn,
    model: 'barley-yield',
    other: 'reference-evapotranspiration',
    body: MODEL_INPUT,
  });

  it.each(JOBS[fn].map((attempt) => ({ attempt })))('may $attempt', async ({ attempt }) => {
    expect(await refusal(attempting(), attempt)).toBeUndefined();
  });

  const denied = ATTEMPTS.filter((attempt) => !JOBS[fn].includes(attempt));
  it.each(denied.map((attempt) => ({ attempt })))('may not $attempt', async ({ attempt }) => {
    expect(await refusal(attempting(), attempt)).toMatch(refusalOf(attempt));
  });
});
