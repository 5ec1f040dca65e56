import { describe, expect, it } from 'vitest';
import { packRecords, unpackRecords } from '../../../lambda/capture/messages.ts';
import { idsOf, records } from '../support/records.ts';

describe('queue messages', () => {
  it('packs many records into few messages below the limit, and loses none', () => {
    const packed = packRecords(records(300, 2000));
    expect(packed.length).toBeGreaterThan(3);
    expect(packed.length).toBeLessThan(10);
    for (const message of packed) expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
    expect(packed.flatMap((message) => idsOf(unpackRecords(message)))).toEqual(idsOf(records(300)));
  });

  it.each(['', '{}', '{"records":[]}', '{"records":[{"predictionId":1}]}'])(
    'refuses the message %j',
    (body) => {
      expect(() => unpackRecords(body)).toThrow();
    },
  );
});
