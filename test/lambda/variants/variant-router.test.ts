import { describe, expect, it } from 'vitest';
import type { Predictor } from '../../../lambda/predictors/predictor.ts';
import { variantPredictors } from '../../../lambda/variants/in-process-variants.ts';
import { noFurtherVariants, variantRouter } from '../../../lambda/variants/variant-router.ts';
import { computed, request } from '../support/ports.ts';

const answering = (harvest: number): Predictor => ({ predict: async () => [{ harvest }] });
const CHAMPION = { name: 'champion', version: '1.2.3', weight: 50 };
const RIDGE = { name: 'ridge', version: '1.3.0', weight: 50 };

describe('the choice of a variant', () => {
  it('answers each caller by one variant, with its name, version and predictor', async () => {
    const choose = variantRouter({
      model: computed,
      champion: answering(1),
      further: ({ name }) => answering(name === 'ridge' ? 2 : 0),
      variants: [CHAMPION, RIDGE],
    });
    const chosen = Array.from({ length: 40 }, (_, index) => choose(`caller-${index}`));
    const seen = await Promise.all(
      chosen.map(async ({ variant, model, predictor }) => {
        const [output] = await predictor.predict([{}], request());
        return `${variant} ${model.version} ${output?.harvest}`;
      }),
    );

    expect(new Set(seen)).toEqual(new Set(['champion 1.2.3 1', 'ridge 1.3.0 2']));
    expect(choose('caller-7')).toBe(chosen[7]);
  });

  it('fails at the start where the bundle lacks a variant that the environment names', () => {
    const options = { model: computed, champion: answering(1), variants: [CHAMPION, RIDGE] };

    expect(() => variantRouter({ ...options, further: noFurtherVariants })).toThrow(
      'the bundle has no way to the variant ridge',
    );
    expect(() => variantRouter({ ...options, further: variantPredictors(computed, {}) })).toThrow(
      'the bundle has no predict for the variant ridge',
    );
  });
});

describe('a variant inside the function', () => {
  const further = variantPredictors(computed, { ridge: () => ({ harvest: 7 }) });

  it('predicts by its own function', async () => {
    expect(await further({ name: 'ridge' }).predict([{ area: 1 }, { area: 2 }], request())).toEqual([
      { harvest: 7 },
      { harvest: 7 },
    ]);
  });

  it('stops between two inputs where it is given up', async () => {
    const over = new AbortController();
    let predicted = 0;
    const stopping = variantPredictors(computed, {
      ridge: () => {
        predicted += 1;
        over.abort();
        return { harvest: 7 };
      },
    });
    const context = { ...request(), signal: over.signal };

    await expect(stopping({ name: 'ridge' }).predict([{ area: 1 }, { area: 2 }], context)).rejects.toThrow(
      /aborted/,
    );
    expect(predicted).toBe(1);
  });
});
