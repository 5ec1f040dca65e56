import type { Stack } from 'aws-cdk-lib';
import { applicationAutoScalingPlugin } from '../../../local/applicationautoscaling/plugin.ts';
import type { Capacity } from '../../../local/core/plugin/capacity.ts';
import { offerCapacity } from '../../../local/core/plugin/capacity.ts';
import type { Datum } from '../../../local/core/plugin/metrics.ts';
import type { ServicePlugin } from '../../../local/core/plugin/service-plugin.ts';
import { startCloud } from '../core/support/clouds.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';

/** A resource whose load a test tells by the minute. */
export interface Subject {
  readonly scalableDimension: string;
  readonly resourceId: string;
  readonly startsWith: number;
  /** What the resource would report of a minute's load. */
  measure(load: number, capacity: number): readonly Omit<Datum, 'timestamp'>[];
}

export interface Simulation {
  /** Lets a minute pass for each load, and answers the capacity at the end of each. */
  run(loads: readonly number[]): readonly number[];
  readonly notEmulated: readonly string[];
}

/** Scales a resource that only counts, by what a stack declares, minute by minute. */
export async function simulate(subject: Subject, declare: (stack: Stack) => void): Promise<Simulation> {
  const clock = new ManualClock();
  const capacity = new Counter(subject.startsWith);
  const resource: ServicePlugin = {
    name: 'counted',
    resourceTypes: {},
    async start({ services }) {
      offerCapacity(services, subject.scalableDimension, subject.resourceId, capacity);
      return { close: async () => undefined };
    },
  };
  const running = await startCloud({
    assemblyDir: synthesizeStack(declare),
    plugins: [resource, applicationAutoScalingPlugin],
    clock,
  });
  return {
    notEmulated: running.notEmulated.map(({ reason }) => reason),
    run: (loads) =>
      loads.map((load) => {
        const measured = subject.measure(load, capacity.current);
        clock.advance(30_000);
        for (const datum of measured) running.cloud.metrics.put({ ...datum, timestamp: clock.now() });
        clock.advance(30_000);
        return capacity.current;
      }),
  };
}

class Counter implements Capacity {
  current: number;

  constructor(startsWith: number) {
    this.current = startsWith;
  }

  change(to: number): void {
    this.current = to;
  }
}

/** The same value so many times. */
export function times(count: number, value: number): readonly number[] {
  return Array.from({ length: count }, () => value);
}
