import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelCard } from '../../../contract/api/card.ts';
import { validate } from '../../../contract/fields/validation.ts';
import { exampleInput } from '../../../contract/model/example-input.ts';
import { COSTS, model, REFERRAL_THRESHOLD } from '../../../models/tumour-screening/model.ts';

const example = exampleInput(model);

/** What the model answers where its artifact gives these probabilities of malignancy, one a row. */
function answers(...malignant: readonly number[]) {
  const data = malignant.flatMap((probability) => [1 - probability, probability]);
  const outputs = [{ name: 'probabilities', shape: [malignant.length, 2], datatype: 'FP64' as const, data }];
  return model.postprocess(
    outputs,
    malignant.map(() => example),
  );
}

describe('the decision', () => {
  it('is to refer from a probability of 1 in 21 on: a missed cancer costs as much as 20 needless referrals', () => {
    expect(COSTS).toEqual({ falseNegative: 20, falsePositive: 1 });
    expect(REFERRAL_THRESHOLD).toBeCloseTo(1 / 21, 15);
    expect(answers(0.04, 0.05)).toEqual([
      { malignantProbability: 0.04, decision: 'routine' },
      { malignantProbability: 0.05, decision: 'refer' },
    ]);
    expect(answers(REFERRAL_THRESHOLD)).toMatchObject([{ decision: 'refer' }]);
  });

  it('is always the one of lower expected cost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        const referring = (1 - probability) * COSTS.falsePositive;
        const waiting = probability * COSTS.falseNegative;
        fc.pre(Math.abs(referring - waiting) > 1e-12);
        expect(answers(probability)).toMatchObject([{ decision: referring < waiting ? 'refer' : 'routine' }]);
      }),
    );
  });

  it('comes with its costs and its threshold in the model card', () => {
    const card = modelCard(model, { availabilityPercent: 99.9, latencyP95Ms: 500 }, []);
    expect(card.output).toMatchObject({
      properties: { decision: { 'x-decision': { costs: COSTS, threshold: REFERRAL_THRESHOLD } } },
    });
  });

  it('is excluded by the contract where the artifact gave no probability', () => {
    const [answer] = model.postprocess([], [example]);
    expect(validate(model.output, answer).ok).toBe(false);
  });
});

describe('the measurements', () => {
  it('go to the artifact by their names, one column each', () => {
    const tensors = model.preprocess([example, { ...example, areaWorst: 500 }]);
    expect(tensors.map(({ name }) => name)).toEqual(Object.keys(model.input.shape));
    expect(tensors.find(({ name }) => name === 'areaWorst')).toEqual({
      name: 'areaWorst',
      shape: [2, 1],
      datatype: 'FP64',
      data: [2019, 500],
    });
  });

  it.each([
    [{ areaWorst: -1 }, '/areaWorst', 'out-of-bounds'],
    [{ radiusWorst: 76 }, '/radiusWorst', 'out-of-bounds'],
    [{ areaWorst: { value: 2019, unit: 'um2' } }, '/areaWorst', 'wrong-type'],
    [{ radiusMean: 12 }, '/radiusMean', 'unknown-field'],
  ])('are refused as %j', (change, path, code) => {
    const result = validate(model.input, { ...example, ...change });
    expect(result).toMatchObject({ ok: false, errors: [{ path, code }] });
  });
});
