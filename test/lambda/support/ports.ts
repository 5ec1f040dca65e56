import { z } from 'zod';
import { quantity } from '../../../contract/fields/quantity.ts';
import type { ArtifactModel, ComputedModel } from '../../../contract/model/model.ts';
import { defineModel } from '../../../contract/model/model.ts';
import type { FeedbackRecord, PredictionRecord } from '../../../lambda/capture/record.ts';
import type { PredictionStore } from '../../../lambda/capture/store.ts';
import type { ApiRequest } from '../../../lambda/http/handler.ts';

const input = z.strictObject({
  area: quantity('ha', { description: 'Area', example: 2, min: 0, expected: { max: 100 } }),
});
const output = z.object({ harvest: quantity('t', { description: 'Harvest', example: 6, min: 0 }) });

/** Three tonnes a hectare. */
export const computed: ComputedModel<typeof input, typeof output> = defineModel({
  name: 'harvest',
  version: '1.2.3',
  title: 'Harvest',
  description: 'Three tonnes a hectare.',
  input,
  output,
  predict: ({ area }) => ({ harvest: area * 3 }),
});

/** The same, asked of a model server. */
export const served: ArtifactModel<typeof input, typeof output> = defineModel({
  name: 'harvest',
  version: '1.2.3',
  title: 'Harvest',
  description: 'Three tonnes a hectare.',
  input,
  output,
  artifact: 'model.onnx',
  preprocess: (inputs) => [
    { name: 'area', shape: [inputs.length, 1], datatype: 'FP32', data: inputs.map(({ area }) => area) },
  ],
  postprocess: ([harvest]) => (harvest?.data ?? []).map((value) => ({ harvest: Number(value) })),
});

export const REQUEST_ID = '0b7c1f1e-6d0f-4f5c-9d8e-1a2b3c4d5e6f';

export function request(overrides: Partial<ApiRequest> = {}): ApiRequest {
  return {
    body: null,
    pathParameters: {},
    resource: '/predictions',
    requestId: REQUEST_ID,
    traceId: 'Root=1-65f0c0de-000000000000000000000001',
    traceparent: undefined,
    stage: 'harvest',
    deadline: { remainingMs: () => 10_000 },
    callerKey: 'key-1',
    callbackUrl: undefined,
    identity: 'key-1',
    ...overrides,
  };
}

/** A store in memory that behaves as the table does. */
export function memoryStore() {
  const predictions = new Map<string, PredictionRecord>();
  const feedback = new Map<string, FeedbackRecord>();
  const store: PredictionStore = {
    write: async (records) => {
      for (const record of records) predictions.set(record.predictionId, record);
      return { unwritten: [] };
    },
    read: async (id) => {
      const prediction = predictions.get(id);
      return prediction && { prediction, feedback: feedback.get(id) };
    },
    has: async (id) => predictions.has(id),
    addFeedback: async (record) => {
      if (feedback.has(record.predictionId)) return false;
      feedback.set(record.predictionId, record);
      return true;
    },
  };
  return { store, predictions, feedback };
}
