import { withSummaries } from '../../contract/images/received-image.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import type { Values } from './predictor.ts';

/**
 * A model's answers from the tensors that it gave, wherever it ran: one for each input, in the same order.
 * @throws {ProblemError} `model-error` where the tensors are not what the model's postprocess understands
 */
export function answersOf(
  model: ArtifactModel,
  outputs: readonly Tensor[],
  inputs: readonly Values[],
): readonly Values[] {
  let answers: readonly Values[];
  try {
    answers = model.postprocess(outputs, inputs.map(withSummaries));
  } catch (error) {
    throw new ProblemError('model-error', "The model's answer could not be read.", { cause: error });
  }
  if (answers.length !== inputs.length) {
    const cause = new Error(`postprocess made ${answers.length} answers of ${inputs.length} inputs`);
    throw new ProblemError('model-error', "The model's answer does not fit the inputs.", { cause });
  }
  return answers;
}
