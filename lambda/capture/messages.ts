import { z } from 'zod';
import { PREDICTION, type PredictionRecord } from './record.ts';

/** Half of SQS's limit of 256 KiB a message (SQS quotas, older regions' figure), so that any region takes it. */
const MAX_MESSAGE_BYTES = 128 * 1024;

const messageSchema = z.object({
  records: z.array(z.looseObject({ predictionId: z.string(), record: z.literal(PREDICTION) })).min(1),
});

/** Packs records into as few queue messages as fit; a record larger than a message's share travels alone. */
export function packRecords(records: readonly PredictionRecord[]): readonly string[] {
  const messages: PredictionRecord[][] = [];
  let size = 0;
  for (const record of records) {
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    const last = messages.at(-1);
    if (last === undefined || size + bytes > MAX_MESSAGE_BYTES) {
      messages.push([record]);
      size = bytes;
    } else {
      last.push(record);
      size += bytes;
    }
  }
  return messages.map((packed) => JSON.stringify({ records: packed }));
}

/**
 * The records of a queue message.
 * @throws {Error} where the message holds none.
 */
export function unpackRecords(body: string): readonly PredictionRecord[] {
  return messageSchema.parse(JSON.parse(body)).records as unknown as readonly PredictionRecord[];
}
