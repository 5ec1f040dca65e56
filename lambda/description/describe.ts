import { type ModelCard, modelCard } from '../../contract/api/card.ts';
import type { AccessKind } from '../../contract/deployment/deployment.ts';
import type { Model } from '../../contract/model/model.ts';
import { type Answering, openApiDocument } from '../../contract/openapi/openapi.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';

/** What the deployment decides of what is described. */
export interface Described extends Answering {
  readonly objectives: ModelCard['objectives'];
  readonly variants: ModelCard['variants'];
  readonly access: AccessKind;
}

/** `GET /model` and `GET /openapi.json`: what the contract says, the latter below the base path of the request. */
export function describe(
  model: Model,
  { objectives, variants, access, ...answering }: Described,
  request: Pick<ApiRequest, 'resource' | 'stage'>,
): ApiAnswer {
  if (request.resource === '/openapi.json')
    return { status: 200, body: openApiDocument(model, `/${request.stage}`, access, answering) };
  return { status: 200, body: modelCard(model, objectives, variants) };
}
