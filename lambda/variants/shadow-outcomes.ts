import { METRICS } from '../../contract/observability/metrics.ts';
import { ProblemError } from '../../contract/problems/problems.ts';
import { loggable } from '../http/loggable.ts';
import { logger } from '../observability.ts';
import { countByVariant } from './count.ts';

/** Counts predictions of a shadow that were stored. */
export function shadowStored(shadow: string, predictions: number): void {
  countByVariant(METRICS.shadowPredictions, shadow, predictions);
}

/** Counts a request that a shadow was not done with within its budget. */
export function shadowLate(shadow: string): void {
  countByVariant(METRICS.shadowTimeouts, shadow, 1);
}

/** Counts a request that a shadow failed on, or whose predictions could not be stored, and says why in the log. */
export function shadowFailed(shadow: string, error: unknown): void {
  const cause = error instanceof ProblemError ? (error.cause ?? error) : error;
  logger.warn('shadow failed', { shadow, error: loggable(cause) });
  countByVariant(METRICS.shadowErrors, shadow, 1);
}

/** What each promise comes to, or `late` where that takes longer than the budget of them all, in milliseconds. */
export async function withinBudget<T>(
  promises: readonly Promise<T>[],
  budgetMs: number,
): Promise<readonly (T | 'late')[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), budgetMs);
  });
  try {
    return await Promise.all(promises.map((promise) => Promise.race([promise, late])));
  } finally {
    clearTimeout(timer);
  }
}
