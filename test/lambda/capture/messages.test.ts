import { describe, expect, it } from 'vitest';
import { packRecords, unpackRecords } from '../../../lambda/capture/messages.ts';
import type { PredictionRecord } from '../../../lambda/capture/record.ts';

function records(count: number, size = 10): PredictionRecord[] {
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

const ids = (list: readonly PredictionRecord[]) => list.map(({ predictionId }) => predictionId);

describe('queue messages', () => {
  it('packs many records into few messages below the limit, and loses none', () => {
    const packed = packRecords(records(300, 2000));
    expect(packed.length).toBeGreaterThan(3);
    expect(packed.length).toBeLessThan(10);
    for (const message of packed) expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
    expect(packed.flatMap((message) => ids(unpackRecords(message)))).toEqual(ids(records(300)));
  });

  it.each(['', '{}', '{"records":[]}', '{"records":[{"predictionId":1}]}'])(
    'refuses the message %j',
    (body) => {
      expect(() => unpackRecords(body)).toThrow();
    },
  );
});
