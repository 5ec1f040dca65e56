import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Surge } from '../../contract/deployment/scaling.ts';

/** Where one step ends and the next begins, as multiples of the load at which a surge begins. */
const EDGES = [1, 4 / 3, 2, 3] as const;

/** The load, in the unit of the scaling target, at which a surge begins. */
export function surgeThreshold(surge: Surge, target: number): number {
  return rounded(surge.timesTarget * target);
}

/**
 * What a surge adds, in percent of the instances there are. A load of n times the target needs n times the instances:
 * each step adds what its upper end needs, and the last one, which has no end, what three times the threshold does.
 */
export function surgeSteps(surge: Surge, target: number): CfnScalingPolicy.StepAdjustmentProperty[] {
  const threshold = surgeThreshold(surge, target);
  return EDGES.slice(0, -1).map((edge, index) => {
    const next = EDGES[index + 1] ?? edge;
    const isLast = index === EDGES.length - 2;
    return {
      // Bounds are told from the alarm's threshold (Application Auto Scaling, "How step scaling works").
      metricIntervalLowerBound: rounded((edge - 1) * threshold),
      ...(isLast ? {} : { metricIntervalUpperBound: rounded((next - 1) * threshold) }),
      scalingAdjustment: Math.ceil(rounded((surge.timesTarget * next - 1) * 100)),
    };
  });
}

/** To a thousandth, so that a template does not show the dust of floating point. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
