import { createHash } from 'node:crypto';
import { z } from 'zod';

export const messageAttributesSchema = z.record(
  z.string(),
  z.looseObject({
    DataType: z.string().min(1),
    StringValue: z.string().optional(),
    /** Base64, as the JSON protocol carries bytes. */
    BinaryValue: z.string().optional(),
  }),
);

export type MessageAttributes = z.infer<typeof messageAttributesSchema>;

export const messageSchema = z.strictObject({
  id: z.string(),
  /** Orders messages as they were sent. */
  sequence: z.int(),
  body: z.string(),
  messageAttributes: messageAttributesSchema,
  senderId: z.string(),
  /** Milliseconds since the epoch, as every time here. */
  sentAt: z.int(),
  visibleAt: z.int(),
  receiveCount: z.int(),
  firstReceivedAt: z.int().optional(),
  /** The handle of the latest receipt; an earlier one no longer deletes the message. */
  receiptHandle: z.string().optional(),
  /** The ARN of the queue that gave up on the message. */
  deadLetterSource: z.string().optional(),
});

/** A message as it lies on disk. */
export type Message = z.infer<typeof messageSchema>;

/** The digest of a body; SDKs compare it with their own. */
export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/**
 * The digest of message attributes as the SQS developer guide defines it: by name in order, each of name, data type
 * and value with its length in four bytes before it, and a byte between that tells text from binary.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    const isBinary = attribute.DataType.startsWith('Binary');
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    add(
      isBinary
        ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
        : Buffer.from(attribute.StringValue ?? ''),
    );
  }
  return hash.digest('hex');
}

/** Bytes that a message counts towards the queue's maximum. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  let size = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    size += Buffer.byteLength(BinaryValue, 'base64');
  }
  return size;
}
