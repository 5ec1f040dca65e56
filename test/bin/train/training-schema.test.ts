import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { trainingSchema } from '../../../bin/train/training-schema.ts';
import { model } from '../../../models/barley-yield/model.ts';

describe('the schema of a training row', () => {
  const valid = new Ajv2020({ strict: false }).compile(trainingSchema(model));

  it("accepts rows within the model's contract and no others", () => {
    const input = { variety: 'Trebi', site: 'Waseca' };
    expect(valid({ input, output: { yield: 3213 } })).toBe(true);
    expect(valid({ input: { ...input, site: 'Atlantis' }, output: { yield: 3213 } })).toBe(false);
    expect(valid({ input, output: { yield: -1 } })).toBe(false);
    expect(valid({ input })).toBe(false);
  });
});
