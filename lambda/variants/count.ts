import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS, type MetricName } from '../../contract/observability/metrics.ts';
import { PROBLEMS, ProblemError } from '../../contract/problems/problems.ts';
import { metrics } from '../observability.ts';

/** Counts by variant, in a set of dimensions of its own, so that the other metrics of the request keep theirs. */
export function countByVariant(name: MetricName, variant: string, count: number): void {
  const counter = metrics.singleMetric();
  counter.addDimension('variant', variant);
  counter.addMetric(name, MetricUnit.Count, count);
}

/** Passes an operation's outcome on, and counts what is the variant's fault and not the request's. */
export async function countingErrors<T>(variant: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (isVariantsFault(error)) countByVariant(METRICS.variantErrors, variant, 1);
    throw error;
  }
}

function isVariantsFault(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return true;
  return error.code === 'model-throttled' || PROBLEMS[error.code].status >= 500;
}
