import type { Context } from 'aws-lambda';

/** When a function must have answered, seen from the laptop's or Lambda's clock. */
export interface Deadline {
  /** Milliseconds left until the function is ended, less a reserve for answering. Never negative. */
  remainingMs(reserveMs: number): number;
}

/** The deadline of an invocation. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>): Deadline {
  return { remainingMs: (reserveMs) => Math.max(0, context.getRemainingTimeInMillis() - reserveMs) };
}
