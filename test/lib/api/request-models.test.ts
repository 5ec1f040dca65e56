import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../contract/model/model.ts';
import { requestModels } from '../../../lib/api/request-models.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { model as canopy } from '../../../models/canopy-cover/model.ts';
import { model as evapotranspiration } from '../../../models/reference-evapotranspiration/model.ts';

// A validator that knows draft 4 and, being strict, refuses every keyword of another draft.
const ajv = new Ajv.default({ strict: true, strictTypes: false, strictRequired: false });

function accepts(model: Model, operation: 'predict' | 'feedback' | 'upload', body: unknown): boolean {
  return ajv.validate(JSON.parse(JSON.stringify(requestModels(model)[operation])), body) as boolean;
}

const GOOD = { variety: 'Trebi', site: 'Waseca' };

describe('the request model of predict', () => {
  it.each([
    ['one input', { input: GOOD }],
    ['a list of inputs', { inputs: [GOOD, GOOD] }],
    ['units', { input: GOOD, units: { yield: 'bu/acre' } }],
  ])('describes %s', (_, body) => expect(accepts(barley, 'predict', body)).toBe(true));

  it.each([
    ['neither input nor inputs', {}],
    ['both', { input: GOOD, inputs: [GOOD] }],
    ['an unknown category', { input: { ...GOOD, site: 'Paris' } }],
    ['a missing field', { input: { site: 'Waseca' } }],
    ['a field of no model', { input: { ...GOOD, soil: 'clay' } }],
    ['1,001 inputs', { inputs: Array(1001).fill(GOOD) }],
  ])('excludes %s', (_, body) => expect(accepts(barley, 'predict', body)).toBe(false));

  it('has quantities with and without a unit, their bounds, and alternatives', () => {
    const { latitude: _, ...rest } = {
      date: '2015-07-06',
      latitude: 50.8,
      elevation: { value: 0.1, unit: 'km' },
      temperatureMax: 21.5,
      temperatureMin: 12.3,
      actualVapourPressure: 1.4,
      windSpeed: 2,
      solarRadiation: 22,
    };
    expect(accepts(evapotranspiration, 'predict', { input: { ...rest, latitude: 50.8 } })).toBe(true);
    expect(accepts(evapotranspiration, 'predict', { input: { ...rest, latitude: 80 } })).toBe(false);
    expect(
      accepts(evapotranspiration, 'predict', { input: { ...rest, latitude: 50.8, sunshineDuration: 9 } }),
    ).toBe(false);
  });
});

describe('the request models of a model that takes images', () => {
  it('describe a file, an upload, and where to ask for one', () => {
    expect(accepts(canopy, 'predict', { input: { photo: { data: 'AAAA' } } })).toBe(true);
    expect(accepts(canopy, 'predict', { input: { photo: { upload: '01KAQJ0M6QTZB7V5W0X9Y2N3RD' } } })).toBe(
      true,
    );
    expect(accepts(canopy, 'predict', { input: { photo: {} } })).toBe(false);
    expect(accepts(canopy, 'predict', { inputs: Array(17).fill({ photo: { data: '' } }) })).toBe(false);
    expect(accepts(canopy, 'upload', { contentType: 'image/jpeg', bytes: 12_345_678 })).toBe(true);
    expect(accepts(canopy, 'upload', { contentType: 'text/plain', bytes: 1 })).toBe(false);
    expect(requestModels(barley).upload).toBeUndefined();
  });
});

describe('the request model of feedback', () => {
  it('describes what was observed', () => {
    expect(
      accepts(barley, 'feedback', { actual: { yield: { value: 43, unit: 'bu/acre' } }, source: 'scale' }),
    ).toBe(true);
    expect(accepts(barley, 'feedback', { actual: { yield: 'much' } })).toBe(false);
    expect(accepts(barley, 'feedback', {})).toBe(false);
  });
});
