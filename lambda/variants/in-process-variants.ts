import { setImmediate } from 'node:timers/promises';
import type { ComputedModel } from '../../contract/model/model.ts';
import { predictorFor } from '../predictors/in-process.ts';
import type { Predictor } from '../predictors/predictor.ts';
import type { FurtherPredictor } from './variant-router.ts';

/** Runs each variant inside the function, by another `predict` that the model's module exports. */
export function variantPredictors(
  model: ComputedModel,
  alternatives: Readonly<Record<string, ComputedModel['predict']>>,
): FurtherPredictor {
  return ({ name }) => {
    const predict = alternatives[name];
    if (predict === undefined) throw new Error(`the bundle has no predict for the variant ${name}`);
    return yielding(predictorFor({ ...model, predict }));
  };
}

/**
 * With a signal, gives way before each input and stops when it aborts: a computation can't be interrupted, but a list of
 * them can, and the answer of another variant goes first.
 */
function yielding(predictor: Predictor): Predictor {
  return {
    predict: async (inputs, context) => {
      const { signal } = context;
      if (signal === undefined) return predictor.predict(inputs, context);
      const outputs = [];
      for (const input of inputs) {
        await setImmediate();
        signal.throwIfAborted();
        outputs.push(...(await predictor.predict([input], context)));
      }
      return outputs;
    },
  };
}
