import type { ArtifactModel } from '../../contract/model/model.ts';
import { loggableReason, type Notification } from '../asynchronous/notification.ts';
import { type Payloads, requestKey } from '../asynchronous/payloads.ts';
import { decodeStoredRequest } from '../asynchronous/stored-request.ts';
import { checkedOutputs } from '../predictors/checked-outputs.ts';
import type { Codec } from '../predictors/codec.ts';
import { decodeAnswers } from '../predictors/payload.ts';
import { shadowFailed, shadowStored } from '../variants/shadow-outcomes.ts';
import { type ShadowRecord, shadowRecord } from '../variants/shadow-record.ts';
import type { ShadowStore } from '../variants/shadow-store.ts';

export interface CompleteShadowPorts {
  readonly model: ArtifactModel;
  readonly codec: Codec;
  readonly payloads: Payloads;
  readonly shadowStore: ShadowStore;
}

/** How an invocation of a shadow ended. */
export type ShadowNotification = Notification & { readonly shadow: string };

/**
 * Stores what a shadow predicted beside the predictions that are answered; the same notification makes the same records.
 * Never throws: a shadow that fails, or can't be stored, is counted and must not keep the queue from its callers' answers.
 */
export async function completeShadow(
  ports: CompleteShadowPorts,
  notification: ShadowNotification,
  signal: AbortSignal,
): Promise<void> {
  const { shadow } = notification;
  try {
    const records = await recordsOf(ports, notification, signal);
    await ports.shadowStore.write(records, signal);
    shadowStored(shadow, records.length);
  } catch (error) {
    shadowFailed(shadow, error);
  }
}

async function recordsOf(
  { model, codec, payloads }: CompleteShadowPorts,
  notification: ShadowNotification,
  signal: AbortSignal,
): Promise<readonly ShadowRecord[]> {
  const { requestName, shadow: name, latencyMs } = notification;
  if ('failureReason' in notification) throw new Error(loggableReason(notification.failureReason));
  const request = decodeStoredRequest(await payloads.get(requestKey(requestName), signal));
  const shadow = request.shadows.find((one) => one.name === name);
  if (shadow === undefined) throw new Error(`the request ${requestName} has no shadow "${name}"`);
  const text = await payloads.get(payloads.keyOf(notification.outputUri), signal);
  const outputs = checkedOutputs(model, decodeAnswers(model, codec, text, request.inputs));
  const { createdAt, expiresAt, requestId, traceId } = request;
  const common = {
    model: model.name,
    createdAt,
    expiresAt,
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
  };
  return request.predictionIds.map((predictionId, index) =>
    shadowRecord({ ...common, predictionId }, shadow, {
      output: outputs[index] ?? {},
      schema: model.output,
      latencyMs,
    }),
  );
}
