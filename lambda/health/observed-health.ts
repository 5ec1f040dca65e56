import type { Model } from '../../contract/model/model.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import type { OutcomeStore } from '../asynchronous/outcome-store.ts';
import type { ApiAnswer, ApiRequest } from '../http/handler.ts';
import { storeSignal } from '../http/store-signal.ts';

export interface ObservedHealthPorts {
  readonly model: Model;
  readonly outcomes: Pick<OutcomeStore, 'lastOutcome'>;
  readonly now: () => number;
}

/**
 * `GET /health` of an asynchronous model: what its latest request came to. Asking it a reference input would wake an
 * instance for every health check, and the answer would come minutes later. A model that nobody has asked yet is healthy.
 */
export async function observedHealth(
  { model, outcomes, now }: ObservedHealthPorts,
  request: ApiRequest,
): Promise<ApiAnswer> {
  const last = await outcomes.lastOutcome(storeSignal(request));
  if (last !== undefined && !last.succeeded) {
    throw new ProblemError('model-error', `The model failed on its latest request, at ${last.at}.`);
  }
  const checkedAt = last?.at ?? new Date(now()).toISOString();
  return { status: 200, body: { status: 'healthy', model: model.name, version: model.version, checkedAt } };
}
