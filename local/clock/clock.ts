/**
 * Time, injected so that a test or a drill drives it. Everything that is told in the local cloud is told by it: metrics, logs,
 * answers, and what functions believe the time to be. Only what watches over a process of this machine goes by the machine's own
 * time, because a process does not run faster when the clock is put forward.
 */
export interface Clock {
  /** Milliseconds since the epoch, whole. */
  now(): number;
  /** Calls back once after `ms`; the answer cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** How many milliseconds a clock is ahead of the machine's own time; 0 where it tells that time. */
export function aheadOfMachine(clock: Clock): number {
  const before = Date.now();
  const now = clock.now();
  const after = Date.now();
  return now >= before && now <= after ? 0 : now - after;
}

/**
 * Starts to measure; the answer tells how many milliseconds have passed since, by the clock. Where that is the machine's own
 * time, fractions of a millisecond count.
 */
export function stopwatch(clock: Clock): () => number {
  const startedAt = clock.now();
  const isMachines = aheadOfMachine(clock) === 0;
  const preciselyAt = performance.now();
  return () =>
    isMachines && aheadOfMachine(clock) === 0
      ? performance.now() - preciselyAt
      : Math.max(0, clock.now() - startedAt);
}

/** Resolves when so many milliseconds have passed. @throws the signal's reason as soon as that is aborted */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    });
    if (signal?.aborted) giveUp();
    else signal?.addEventListener('abort', giveUp, { once: true });
  });
}
