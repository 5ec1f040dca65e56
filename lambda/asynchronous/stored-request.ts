import { z } from 'zod';

/** What has to be known of an accepted request when its answers arrive, whatever is deployed by then. */
const storedRequestSchema = z.strictObject({
  predictionIds: z.array(z.string()).min(1),
  /** Validated, with every quantity in its declared unit: one for each prediction id. */
  inputs: z.array(z.record(z.string(), z.unknown())),
  /** The variant that answers. */
  variant: z.string(),
  /** What is asked besides, with the versions of that time. */
  shadows: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  /** The request that was accepted: the `instance` of a problem that comes of it. */
  requestId: z.string(),
  traceId: z.string().optional(),
  /** Where the caller wants to be told. @default - nowhere */
  callbackUrl: z.string().optional(),
  /** ISO 8601; that of the predictions. */
  createdAt: z.string(),
  /** Seconds since the epoch, for the table's time to live; that of the predictions. */
  expiresAt: z.int(),
});

export type StoredRequest = z.output<typeof storedRequestSchema>;

export function encodeStoredRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}

/** @throws {Error} where the text is none */
export function decodeStoredRequest(text: string): StoredRequest {
  return storedRequestSchema.parse(JSON.parse(text));
}
