import type { SQSRecord } from 'aws-lambda';
import type { PredictionStore } from '../../../lambda/capture/store.ts';
import { complete } from '../../../lambda/completion/complete.ts';
import { getPrediction } from '../../../lambda/prediction/get-prediction.ts';
import { type Codec, codecNamed } from '../../../lambda/predictors/codec.ts';
import { submit } from '../../../lambda/submission/submit.ts';
import { harvests, memoryEndpoint, notified } from './asynchronous-ports.ts';
import { memoryStore, request, served } from './ports.ts';

/** The ids of the first two predictions. */
export const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
export const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';
export const NOW = Date.parse('2026-05-04T03:02:01Z');
export const SIGNAL = AbortSignal.timeout(10_000);

/** A model that answers later, with all that it needs in memory: what callers and its endpoint may do with it. */
export function asynchronousModel() {
  const endpoint = memoryEndpoint();
  const ids = [ID, SECOND];
  const finishIn = (codec: Codec, ...messages: SQSRecord[]) =>
    complete({ ...endpoint, model: served, codec }, messages, SIGNAL);
  return {
    endpoint,
    /** POST /predictions. */
    accept: (body: unknown, ports = {}) =>
      submit(
        {
          model: served,
          codec: codecNamed('oip'),
          payloads: endpoint.payloads,
          invoke: endpoint.invoke,
          outcomes: endpoint.outcomes,
          limits: { timeoutSeconds: 60, maxWaitSeconds: 600 },
          variant: 'champion',
          shadowQueues: { shadows: [], budgetMs: 1 },
          retentionDays: 1,
          now: () => NOW,
          newId: () => ids.shift() ?? '',
          ...ports,
        },
        request({ body: JSON.stringify(body) }),
      ),
    /** What the endpoint says when it has answered. */
    succeeded: (data: readonly number[], inferenceId = ID, times = {}) => {
      endpoint.objects.set('outputs/x.out', harvests(...data));
      return notified({
        invocationStatus: 'Completed',
        inferenceId,
        responseParameters: { contentType: 'application/json', outputLocation: 's3://bucket/outputs/x.out' },
        ...times,
      });
    },
    /** What it says when it has not. */
    failed: (failureReason: string, times = {}) =>
      notified({ invocationStatus: 'Failed', inferenceId: ID, failureReason, ...times }),
    finishIn,
    /** Takes what the endpoint has said. */
    finish: (...messages: SQSRecord[]) => finishIn(codecNamed('oip'), ...messages),
    /** GET /predictions/{id}. */
    read: (now = NOW, id = ID) => {
      const store: PredictionStore = {
        ...memoryStore().store,
        read: async (predictionId) => {
          const prediction = endpoint.records.get(predictionId);
          return prediction && { prediction, feedback: undefined };
        },
      };
      return getPrediction({ model: served, store, now: () => now }, request({ pathParameters: { id } }));
    },
  };
}
