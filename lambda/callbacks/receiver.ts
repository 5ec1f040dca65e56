import { CALLBACK_ID_HEADER, type CallbackBody } from '../../contract/api/callbacks.ts';

/**
 * Sends a callback; answers the status of whatever answers.
 * @throws {Error} where nothing answers before the signal aborts; {@link failureOf} says why
 */
export type Receiver = (url: string, body: CallbackBody, signal: AbortSignal) => Promise<number>;

/** Over HTTP. A redirection is not followed but answered as what it is, and nothing of an answer is read but its status. */
export const httpReceiver: Receiver = async (url, body, signal) => {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Furrow',
      [CALLBACK_ID_HEADER]: body.callbackId,
    },
    body: JSON.stringify(body),
    signal,
  });
  // The status has come, whatever becomes of the rest.
  await response.body?.cancel().catch(() => undefined);
  return response.status;
};

/** Why nothing answered, in a word: messages of the network's errors may quote a URL. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
