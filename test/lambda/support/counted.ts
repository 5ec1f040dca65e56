import { vi } from 'vitest';
import { metrics } from '../../../lambda/observability.ts';

/** What is counted over all variants from here on, as `name count`; as {@link countedByVariant} otherwise. */
export function countedInAll(): readonly string[] {
  const counted: string[] = [];
  vi.spyOn(metrics, 'addMetric').mockImplementation((name, _, count) => {
    counted.push(`${name} ${count}`);
    return metrics;
  });
  return counted;
}

/**
 * What is counted by variant from here on, as `name variant count`, instead of going to standard output. For
 * `beforeEach`; the spy is restored by `vi.restoreAllMocks`.
 */
export function countedByVariant(): readonly string[] {
  const counted: string[] = [];
  vi.spyOn(metrics, 'singleMetric').mockImplementation(() => {
    let variant = '';
    const counter: Pick<typeof metrics, 'addDimension' | 'addMetric'> = {
      addDimension: (_, value) => {
        variant = value;
        return metrics;
      },
      addMetric: (name, _, count) => {
        counted.push(`${name} ${variant} ${count}`);
        return metrics;
      },
    };
    return counter as typeof metrics;
  });
  return counted;
}
