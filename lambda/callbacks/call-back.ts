import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CallbackStatus } from '../../contract/api/callbacks.ts';
import { METRICS } from '../../contract/observability/metrics.ts';
import type { Outcome, OutcomeStore } from '../asynchronous/outcome-store.ts';
import type { StoredRequest } from '../asynchronous/stored-request.ts';
import { logger, metrics } from '../observability.ts';
import type { CallbackQueue } from './callback-queue.ts';

export interface CallBackPorts {
  readonly model: { readonly name: string };
  readonly outcomes: Pick<OutcomeStore, 'statusOf'>;
  /** @default - nobody is called back */
  readonly callbacks?: CallbackQueue | undefined;
}

/**
 * Has the caller of a request told that its outcomes are stored, where it asked for that: once for all of its predictions.
 * A message that comes again says the same once more, under the same id. Its outcome may differ from the stored one, which
 * was the first: it is the stored one that is told.
 * @param finished the outcomes that were not there before
 * @throws the service's error where the callback could not be kept
 */
export async function callBack(
  { model, outcomes, callbacks }: CallBackPorts,
  { callbackUrl, predictionIds }: StoredRequest,
  finished: readonly Outcome[],
  signal: AbortSignal,
): Promise<void> {
  if (callbackUrl === undefined) return;
  const [callbackId = ''] = predictionIds;
  if (callbacks === undefined) return givenUp(callbackId, 'nobody is called back any more');
  const first = finished.find(({ predictionId }) => predictionId === callbackId);
  const status = first === undefined ? await outcomes.statusOf(callbackId, signal) : statusOf(first);
  if (status === undefined) return givenUp(callbackId, 'the prediction has expired');
  await callbacks.send(
    { callbackId, url: callbackUrl, model: model.name, status, predictionIds: [...predictionIds] },
    signal,
  );
}

function statusOf(outcome: Outcome): CallbackStatus {
  return 'problem' in outcome ? 'failed' : 'succeeded';
}

function givenUp(callbackId: string, reason: string): void {
  metrics.addMetric(METRICS.callbacksRefused, MetricUnit.Count, 1);
  logger.warn('callback given up', { callbackId, reason });
}
