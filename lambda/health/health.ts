import { validate } from '../../contract/fields/validation.ts';
import { exampleInput } from '../../contract/model/example-input.ts';
import type { Model } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import type { Predictor } from '../predictors/predictor.ts';

/** How long a good answer of the model is believed, in milliseconds: health checks come in swarms. */
const CACHE_MS = 5000;

export interface HealthPorts {
  readonly model: Model;
  readonly predictor: Predictor;
  readonly now: () => number;
}

/** `GET /health`: asks the model its own example. A failure is never cached, so that recovery shows at once. */
export function healthCheck({
  model,
  predictor,
  now,
}: HealthPorts): (request: ApiRequest) => Promise<ApiAnswer> {
  let checkedAt: number | undefined;
  return async (request) => {
    if (checkedAt === undefined || now() - checkedAt >= CACHE_MS) {
      checkedAt = undefined;
      await ask(model, predictor, request);
      checkedAt = now();
    }
    const { name, version } = model;
    return {
      status: 200,
      body: { status: 'healthy', model: name, version, checkedAt: new Date(checkedAt).toISOString() },
    };
  };
}

async function ask(model: Model, predictor: Predictor, request: ApiRequest): Promise<void> {
  const [output] = await predictor.predict([exampleInput(model)], request);
  if (!validate(model.output, output).ok) {
    throw new ProblemError(
      'model-error',
      'The model answers its reference input with something its contract excludes.',
    );
  }
}
