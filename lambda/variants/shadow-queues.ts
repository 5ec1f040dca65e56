import type { Invocation, InvokeAsynchronously } from '../asynchronous/invoker.ts';
import { RESPONSE_RESERVE_MS } from '../capture/capture.ts';
import type { Deadline } from '../http/deadline.ts';
import { shadowFailed, shadowLate, withinBudget } from './shadow-outcomes.ts';

/** A variant that is asked through a queue and never answers. */
export interface ShadowQueue {
  readonly name: string;
  readonly version: string;
  readonly invoke: InvokeAsynchronously;
}

export interface ShadowQueues {
  readonly shadows: readonly ShadowQueue[];
  /** The longest that an acceptance waits for the shadows' queues once it is certain, in milliseconds. */
  readonly budgetMs: number;
}

/**
 * Puts a request into the queues of its shadows at the same time as `accept` puts it into the one whose answer counts. A
 * queue that has not taken it when the budget is over, or when it is not accepted, is given up. What becomes of a
 * request that a shadow's queue took is known when its notification comes. Nothing a queue does changes the outcome.
 */
export async function withShadowQueues(
  { shadows, budgetMs }: ShadowQueues,
  { invocation, deadline }: { readonly invocation: Invocation; readonly deadline: Deadline },
  accept: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  try {
    const accepted = accept();
    const asked = shadows.map((shadow) => ask(shadow, invocation, over.signal));
    await accepted;
    const waitMs = Math.min(budgetMs, deadline.remainingMs(RESPONSE_RESERVE_MS));
    const outcomes = await withinBudget(asked, waitMs);
    for (const [index, { name }] of shadows.entries()) {
      const outcome = outcomes[index];
      if (outcome === 'late') shadowLate(name);
      else if (outcome !== undefined) shadowFailed(name, outcome.error);
    }
  } finally {
    over.abort();
  }
}

/** Never rejects: nobody may be listening any more. Undefined where the queue has taken the request. */
async function ask(
  { name, invoke }: ShadowQueue,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await invoke({ ...invocation, shadow: name }, signal);
    return undefined;
  } catch (error) {
    return { error };
  }
}
