import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS } from '../../contract/observability/metrics.ts';
import type { Deadline } from '../http/deadline.ts';
import { logger, metrics } from '../observability.ts';
import type { CaptureQueue } from './queue.ts';
import type { PredictionRecord } from './record.ts';
import type { PredictionStore } from './store.ts';

/** The longest a prediction's answer waits for the table, and then for the queue, in milliseconds. */
const STORE_BUDGET_MS = 800;
const QUEUE_BUDGET_MS = 500;

/** What each further record adds to the budgets, in milliseconds. */
const RECORD_BUDGET_MS = 2;

/** What is left for sending the answer, in milliseconds. */
export const RESPONSE_RESERVE_MS = 100;

/** Keeps predictions. Never throws: a prediction is answered whether it could be kept or not. */
export type Capture = (records: readonly PredictionRecord[], deadline: Deadline) => Promise<void>;

/** Writes to the table; what the table does not take goes to the queue, to be written later. */
export function captureWith(store: PredictionStore, queue: CaptureQueue): Capture {
  return async (records, deadline) => {
    const { unwritten, error } = await store.write(
      records,
      within(deadline, STORE_BUDGET_MS + RECORD_BUDGET_MS * records.length),
    );
    if (unwritten.length === 0) return;
    // Giving up for lack of time is no failure of the table.
    if (!isOutOfTime(error)) metrics.addMetric(METRICS.tableErrors, MetricUnit.Count, 1);
    metrics.addMetric(METRICS.captureDeferred, MetricUnit.Count, unwritten.length);
    logger.warn('capture deferred', { records: unwritten.length, error });
    try {
      await queue.send(unwritten, within(deadline, QUEUE_BUDGET_MS + RECORD_BUDGET_MS * unwritten.length));
    } catch (queueError) {
      metrics.addMetric(METRICS.captureLost, MetricUnit.Count, unwritten.length);
      logger.error('capture lost', {
        predictionIds: unwritten.map(({ predictionId }) => predictionId),
        error: queueError,
      });
    }
  };
}

function isOutOfTime(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** Aborts after a budget, or earlier where the function's time runs out. */
function within(deadline: Deadline, budgetMs: number): AbortSignal {
  return AbortSignal.timeout(Math.min(budgetMs, deadline.remainingMs(RESPONSE_RESERVE_MS)));
}
