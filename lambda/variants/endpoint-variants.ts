import type { ArtifactModel } from '../../contract/model/model.ts';
import { predictorFor } from '../predictors/endpoint.ts';
import type { FurtherPredictor } from './variant-router.ts';

/**
 * Asks each variant at its own endpoint. Each has a client with connections of its own, so that a variant that hangs can't
 * use up those of another.
 */
export function variantPredictors(model: ArtifactModel): FurtherPredictor {
  return ({ name, endpointName }) => {
    if (endpointName === undefined) throw new Error(`the variant ${name} has no endpoint`);
    return predictorFor(model, endpointName);
  };
}
