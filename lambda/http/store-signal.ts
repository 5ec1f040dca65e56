import type { ApiRequest } from './handler.ts';

/** What is kept back for answering when the store is slow, in milliseconds. */
const RESERVE_MS = 500;

/** Aborts a store call in time to tell the client so. */
export function storeSignal({ deadline }: ApiRequest): AbortSignal {
  return AbortSignal.timeout(deadline.remainingMs(RESERVE_MS));
}
