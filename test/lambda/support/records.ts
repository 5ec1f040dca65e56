import type { PredictionRecord } from '../../../lambda/capture/record.ts';

/** Predictions to store, each with a text of so many characters. */
export function records(count: number, size = 10): PredictionRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    predictionId: `ID${index}`,
    record: 'prediction',
    model: 'harvest',
    version: '1.0.0',
    variant: 'champion',
    createdAt: '2026-05-04T03:02:01.000Z',
    input: { text: 'x'.repeat(size) },
    prediction: {},
    warnings: [],
    requestId: 'R',
    expiresAt: 1,
  }));
}

export const idsOf = (list: readonly PredictionRecord[]) => list.map(({ predictionId }) => predictionId);
