/** A deployment that must not take over; the message says why, to whoever deploys. */
export class VerificationFailed extends Error {
  override readonly name = 'VerificationFailed';
}

/** Not as it should be, and it may become so by itself. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  /** How often it is tried at most; without a bound until the time is over. */
  readonly attempts: number;

  constructor(message: string, attempts = Number.POSITIVE_INFINITY) {
    super(message);
    this.attempts = attempts;
  }
}

export interface Patience {
  /** Ends when the time is over. */
  readonly signal: AbortSignal;
  /** Waits; shorter where the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** Between two looks at something that is not yet as it should be, in milliseconds. */
const PAUSE_MS = 1000;

/**
 * Tries until it works, fails for good, or the time is over; what is waited for then is the reason.
 * @param pauseMs the pause after an attempt, counted from 1, in milliseconds
 * @throws {VerificationFailed}
 */
export async function patiently<T>(
  { signal, pause }: Patience,
  check: () => Promise<T>,
  pauseMs: (attempt: number) => number = () => PAUSE_MS,
): Promise<T> {
  let waitingFor: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      // A call that is cut off when the time is over tells only that.
      const reason = signal.aborted ? (waitingFor ?? error.message) : error.message;
      if (signal.aborted || attempt >= error.attempts) throw new VerificationFailed(reason);
      waitingFor = reason;
      await pause(pauseMs(attempt), signal);
    }
  }
}
