import { describe, expect, it } from 'vitest';
import { defineDeployment, settingsFor } from '../../../contract/deployment/deployment.ts';
import { ContractError } from '../../../contract/model/model.ts';
import { ProblemError } from '../../../contract/problems/problems.ts';
import { idOf, parseBatchLine } from '../../../contract/requests/batch-line.ts';
import { CODEC_CONTENT_TYPES, CODECS } from '../../../contract/tensors/codecs.ts';
import { codecNamed } from '../../../lambda/predictors/codec.ts';
import { served } from '../../lambda/support/ports.ts';

const HOSTING = { hosting: { mode: 'serverless' }, objectives: { latencyP95Ms: 800 } } as const;

describe('the declaration of batches', () => {
  it('names an instance type; the rest has defaults', () => {
    const { batch } = defineDeployment({ ...HOSTING, batch: { instanceType: 'ml.m5.large' } });

    expect(batch).toEqual({
      instanceType: 'ml.m5.large',
      instances: 1,
      recordsPerRequest: 1000,
      requestsPerInstance: 4,
      requestTimeoutSeconds: 600,
      maxHours: 24,
      expireDays: 30,
    });
  });

  it('is absent by default, and may be of one environment', () => {
    const deployment = defineDeployment({
      ...HOSTING,
      environments: { prod: { batch: { instanceType: 'ml.m5.large' } } },
    });

    expect(settingsFor(deployment, 'dev').batch).toBeUndefined();
    expect(settingsFor(deployment, 'prod').batch?.instanceType).toBe('ml.m5.large');
  });

  it.each([
    ['requestsPerInstance', { requestsPerInstance: 17 }],
    ['requestTimeoutSeconds', { requestTimeoutSeconds: 3601 }],
    ['recordsPerRequest', { recordsPerRequest: 0 }],
    ['instances', { instances: 0 }],
    ['maxHours', { maxHours: 121 }],
    ['instanceType', { instanceType: 'm5.large' }],
  ])('refuses a %s that SageMaker does not take', (field, wrong) => {
    const declare = () => defineDeployment({ ...HOSTING, batch: { instanceType: 'ml.m5.large', ...wrong } });

    expect(declare).toThrow(ContractError);
    expect(declare).toThrow(`batch.${field}`);
  });
});

describe('the media types of codecs', () => {
  it('are those that the functions send', () => {
    for (const name of CODECS) expect(codecNamed(name).contentType).toBe(CODEC_CONTENT_TYPES[name]);
  });
});

describe('a line of a batch', () => {
  it('holds an input as a request would, in any unit, and an id to join on', () => {
    expect(parseBatchLine(served, { id: 'field-1', input: { area: { value: 5000, unit: 'm2' } } })).toEqual({
      id: 'field-1',
      input: { area: 0.5 },
    });
    expect(parseBatchLine(served, { id: 12, input: { area: 2 } })).toEqual({ id: 12, input: { area: 2 } });
    expect(parseBatchLine(served, { input: { area: 2 } }).id).toBeUndefined();
  });

  it.each([
    ['no object', [1], 'invalid-request', [{ path: '', code: 'wrong-type' }]],
    ['no input', {}, 'invalid-request', [{ path: '/input', code: 'missing-field' }]],
    [
      'several inputs',
      { inputs: [{ area: 2 }] },
      'invalid-request',
      [{ path: '/input' }, { path: '/inputs' }],
    ],
    ['an id of another kind', { id: {}, input: { area: 2 } }, 'invalid-request', [{ path: '/id' }]],
    ['a value out of bounds', { input: { area: -1 } }, 'invalid-input', [{ path: '/input/area' }]],
    [
      'a unit of another dimension',
      { input: { area: { value: 1, unit: 'kg' } } },
      'invalid-input',
      [{ path: '/input/area/unit', code: 'unit-dimension-mismatch' }],
    ],
  ])('with %s is refused, place by place', (_, line, code, errors) => {
    try {
      parseBatchLine(served, line);
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ code, errors });
      return;
    }
    expect.unreachable('the line was taken');
  });

  it('tells its id even where it is refused, if it is one', () => {
    expect(idOf({ id: 'a', input: 3 })).toBe('a');
    expect(idOf({ id: '' })).toBeUndefined();
    expect(idOf('a')).toBeUndefined();
    expect(idOf(null)).toBeUndefined();
  });
});
