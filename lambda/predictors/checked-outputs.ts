import { validate } from '../../contract/fields/validation.ts';
import type { Model } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Values } from './predictor.ts';

/**
 * The answers, once they are known to be what the contract promises.
 * @throws {ProblemError} `model-error` where one is not.
 */
export function checkedOutputs(model: Model, outputs: readonly Values[]): readonly Values[] {
  return outputs.map((output) => {
    const result = validate(model.output, output);
    if (result.ok) return result.value;
    const cause = new Error(
      `the output breaks the contract: ${JSON.stringify(result.errors.map(({ path, code }) => ({ path, code })))}`,
    );
    throw new ProblemError('model-error', 'The model answered something that its contract excludes.', {
      cause,
    });
  });
}
