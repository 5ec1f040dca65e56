import { ImageError } from '../../contract/images/received-image.ts';
import type { ArtifactModel } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { Tensor } from '../../contract/tensors/tensors.ts';
import { answersOf } from './answers.ts';
import type { Codec } from './codec.ts';
import type { Values } from './predictor.ts';

/**
 * The body of an invocation for inputs.
 * @throws {ProblemError} `model-error` where `preprocess` fails, or makes of them what the codec does not carry, such as NaN
 * @throws {ImageError} where an input's image can't be decoded
 */
export function encodeInputs(
  model: ArtifactModel,
  codec: Codec,
  id: string,
  inputs: readonly Values[],
): string {
  try {
    return codec.encode(id, model.preprocess(inputs), inputs.length);
  } catch (error) {
    // Whoever sent the image is told what is wrong with it.
    if (error instanceof ImageError) throw error;
    throw new ProblemError('model-error', 'The model failed on this input.', { cause: error });
  }
}

/**
 * A model's answers, one for each input, from what its container answered.
 * @throws {ProblemError} `model-error` where that can't be understood
 */
export function decodeAnswers(
  model: ArtifactModel,
  codec: Codec,
  answer: string,
  inputs: readonly Values[],
): readonly Values[] {
  return answersOf(model, decode(codec, answer, inputs.length), inputs);
}

function decode(codec: Codec, answer: string, rows: number): readonly Tensor[] {
  try {
    return codec.decode(answer, rows);
  } catch (error) {
    throw new ProblemError('model-error', "The model server's answer could not be read.", { cause: error });
  }
}
