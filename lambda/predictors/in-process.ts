import { ImageError } from '../../contract/images/received-image.ts';
import type { ComputedModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Predictor } from './predictor.ts';

/** Runs a mathematical model inside the function. */
export function predictorFor(model: ComputedModel): Predictor {
  return {
    predict: async (inputs) => {
      try {
        return inputs.map((input) => model.predict(input));
      } catch (error) {
        if (error instanceof ImageError) throw error;
        throw new ProblemError('model-error', 'The model failed on this input.', { cause: error });
      }
    },
  };
}
