import { z } from 'zod';

/** What has to be known of an accepted request when its answer arrives. */
const storedRequestSchema = z.strictObject({
  predictionIds: z.array(z.string()).min(1),
  /** Validated, with every quantity in its declared unit: one for each prediction id. */
  inputs: z.array(z.record(z.string(), z.unknown())),
  /** The request that was accepted: the `instance` of a problem that comes of it. */
  requestId: z.string(),
});

export type StoredRequest = z.output<typeof storedRequestSchema>;

export function encodeStoredRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}

/** @throws {Error} where the text is none */
export function decodeStoredRequest(text: string): StoredRequest {
  return storedRequestSchema.parse(JSON.parse(text));
}
