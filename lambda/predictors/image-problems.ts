import { pointer } from '../../contract/fields/validation.ts';
import { ImageError } from '../../contract/images/received-image.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { type PredictionsRequest, refused } from '../../contract/requests/requests.ts';

/**
 * Runs what decodes a request's images; one that can't be decoded becomes a problem that names its place in the request.
 * @throws {ProblemError} `invalid-input`, beside whatever the work throws
 */
export async function locatingImages<T>(
  request: Pick<PredictionsRequest, 'inputs' | 'batch'>,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw problemOf(error, request);
  }
}

function problemOf(
  error: ImageError,
  { inputs, batch }: Pick<PredictionsRequest, 'inputs' | 'batch'>,
): ProblemError {
  for (const [index, input] of inputs.entries()) {
    const field = Object.entries(input).find(([, value]) => value === error.image)?.[0];
    if (field === undefined) continue;
    const path = pointer(batch ? `/inputs/${index}` : '/input', [field]);
    return refused('invalid-input', [{ path, code: error.code, detail: error.message }]);
  }
  // The model decoded something that no input holds.
  return new ProblemError('model-error', 'The model failed on this input.', { cause: error });
}
