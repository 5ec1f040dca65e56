import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { REQUEST_SCHEMAS } from '../../../lib/api/request-models.ts';

const ajv = new Ajv.default({ strict: true, strictTypes: false, strictRequired: false });

function accepts(operation: 'predict' | 'feedback', body: unknown): boolean {
  return ajv.validate(JSON.parse(JSON.stringify(REQUEST_SCHEMAS[operation])), body) as boolean;
}

describe('the request model of predict', () => {
  it.each([
    ['one input', { input: { a: 1 } }],
    ['a list of inputs', { inputs: [{ a: 1 }, {}] }],
    ['units', { input: {}, units: { yield: 'bu/acre' } }],
  ])('lets through %s', (_, body) => {
    expect(accepts('predict', body)).toBe(true);
  });

  it.each([
    ['an unknown field', { input: {}, colour: 'blue' }],
    ['a value of the wrong type in a field', { input: { yield: 'much' } }],
    ['more inputs than one request may hold', { inputs: Array(1001).fill({}) }],
  ])('leaves %s to the function, which can name it', (_, body) => {
    expect(accepts('predict', body)).toBe(true);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['neither input nor inputs', {}],
    ['both input and inputs', { input: {}, inputs: [{}] }],
    ['an input that is no object', { input: 4 }],
    ['an empty list of inputs', { inputs: [] }],
    ['a unit that is no text', { input: {}, units: { yield: 4 } }],
  ])('stops %s', (_, body) => {
    expect(accepts('predict', body)).toBe(false);
  });
});

describe('the request model of feedback', () => {
  it.each([
    ['what was observed', { actual: { yield: 43 } }],
    ['a date that is none, which the function names', { actual: {}, observedAt: 'yesterday' }],
    ['an empty source, which the function names', { actual: {}, source: '' }],
  ])('lets through %s', (_, body) => {
    expect(accepts('feedback', body)).toBe(true);
  });

  it.each([
    ['nothing observed', { observedAt: '2015-07-06T12:00:00Z' }],
    ['an observation that is no object', { actual: 43 }],
    ['a source that is no text', { actual: {}, source: 7 }],
  ])('stops %s', (_, body) => {
    expect(accepts('feedback', body)).toBe(false);
  });
});
