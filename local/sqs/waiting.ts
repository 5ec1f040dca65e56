import type { Clock } from '../clock/clock.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';

export interface ReceiveRequest {
  readonly max: number;
  readonly waitSeconds: number;
  readonly visibilityTimeoutSeconds: number | undefined;
}

/**
 * Receives at once or, where nothing is visible, as soon as something is (long polling).
 * @param signal ends the wait: nobody is left to take the messages, so none may become invisible
 * @returns no messages where the wait passes without any
 */
export async function receiveWaiting(
  queue: Queue,
  clock: Clock,
  signal: AbortSignal,
  request: ReceiveRequest,
): Promise<readonly Message[]> {
  const deadline = clock.now() + request.waitSeconds * 1000;
  for (;;) {
    if (signal.aborted) return [];
    const messages = await queue.receive(request.max, request.visibilityTimeoutSeconds);
    if (messages.length > 0 || clock.now() >= deadline) return messages;
    await nextVisible(queue, clock, signal, deadline);
  }
}

function nextVisible(queue: Queue, clock: Clock, signal: AbortSignal, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      unsubscribe();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(deadline - clock.now(), done);
    signal.addEventListener('abort', done);
    const unsubscribe = queue.onVisible(done);
  });
}
