import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { image } from '../../../contract/fields/image.ts';
import { skewOf } from '../../../contract/golden/golden.ts';
import { goldenPredictions, readReference } from '../../../lib/bundling/golden-predictions.ts';
import { model as barley } from '../../../models/barley-yield/model.ts';
import { model as canopy } from '../../../models/canopy-cover/model.ts';
import { model as evapotranspiration } from '../../../models/reference-evapotranspiration/model.ts';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

describe('what a deployment is asked at once', () => {
  it(`is some of the golden predictions in ${join('artifacts', 'reference.json')}`, () => {
    expect(goldenPredictions(barley, readReference(ROOT, barley)).cases).toHaveLength(8);
    expect(goldenPredictions(canopy, readReference(ROOT, canopy)).cases).toHaveLength(8);
  });

  it('is the own example of a model without that file, which another processor may answer with other last bits', () => {
    const { cases, tolerance } = goldenPredictions(evapotranspiration, undefined);
    const [expected] = cases.map(({ output }) => output);
    const et0 = Number(expected?.et0);
    expect(cases).toHaveLength(1);
    expect(skewOf({ et0 }, { et0: et0 * (1 + 4 * Number.EPSILON) }, tolerance)).toEqual([]);
    expect(skewOf({ et0 }, { et0: et0 * 1.0001 }, tolerance)).toHaveLength(1);
  });

  it('is no more than one request may hold, where the inputs are images', () => {
    const photo = image({ description: 'The ground', maxPixels: 24_000_000, maxPerRequest: 3 });
    const narrow = { ...canopy, input: z.strictObject({ photo }) };
    expect(goldenPredictions(narrow, readReference(ROOT, narrow)).cases).toHaveLength(3);
  });
});
