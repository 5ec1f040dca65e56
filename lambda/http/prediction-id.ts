import { ULID } from '../../contract/fields/ulid.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { ApiRequest } from './handler.ts';

/**
 * The prediction id in a request's path.
 * @throws {ProblemError} `prediction-not-found` for what can't be one.
 */
export function predictionIdOf({ pathParameters }: ApiRequest): string {
  const id = (pathParameters.id ?? '').toUpperCase();
  if (ULID.test(id)) return id;
  throw new ProblemError(
    'prediction-not-found',
    'This is not a prediction id. Use the "predictionId" that POST /predictions answered, 26 letters and digits.',
  );
}

/** For an id that nothing is stored under. */
export function unknownPrediction(predictionId: string): ProblemError {
  return new ProblemError(
    'prediction-not-found',
    `No prediction ${predictionId} is stored here. A prediction of the last minutes may still be on its way; an old one may have expired.`,
  );
}
