import type { AlarmDeclaration } from '../catalogue/alarm-declaration.ts';
import type { DatadogSeries } from '../signals/signal.ts';

/** What Datadog evaluates, and the number that it has to repeat among the thresholds of the monitor. */
export interface MonitorQuery {
  readonly query: string;
  readonly critical: number;
}

/** A declaration whose signal Datadog has. */
export interface MonitoredDeclaration extends Pick<AlarmDeclaration, 'threshold' | 'breaches'> {
  readonly signal: Pick<AlarmDeclaration['signal'], 'periodSeconds' | 'statistic'> & {
    readonly datadog: DatadogSeries;
  };
}

/**
 * A declaration in Datadog's query language. Datadog reduces the window of a monitor to one number and knows no "M of N
 * periods", so that they are said in one of three ways:
 *
 * - one period: the window is the period, and its number the signal itself;
 * - all of several: the lowest of the periods is above the threshold (`min`);
 * - some of several: those above the threshold are counted. `cutoff_min` takes the others away, what is left divided by
 *   itself is 1, and the ones are added up.
 *
 * A period without data counts as 0 (`default_zero`), which is above no threshold, as CloudWatch takes it (`notBreaching`);
 * `fill(null)` keeps Datadog from guessing it from its neighbours. Datadog's periods begin at whole multiples of their
 * length and its window ends at the moment of evaluation, so that a window of several may touch one period more than
 * CloudWatch looks at: docs/alarms.md says what follows from that.
 * @see https://docs.datadoghq.com/monitors/configuration/ (aggregation method)
 * @see https://docs.datadoghq.com/dashboards/functions/exclusion/ (cutoff_min leaves values equal to its bound)
 * @see https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/ (why no `as_count` where periods are told apart)
 * @throws {RangeError} for some of several periods above a threshold that no bound of `cutoff_min` expresses
 */
export function monitorQuery(declaration: MonitoredDeclaration): MonitorQuery {
  const { signal, threshold, breaches } = declaration;
  const { datadog } = signal;
  const window = `last_${(signal.periodSeconds * breaches.outOf) / 60}m`;
  if (breaches.outOf === 1) {
    const inWindow = datadog.over === 'sum' ? '.as_count()' : '.fill(null)';
    return {
      query: `${datadog.over}(${window}):${neutral(expression(datadog, inWindow))} > ${threshold}`,
      critical: threshold,
    };
  }
  const fill = datadog.over === 'sum' ? '' : '.fill(null)';
  const byPeriod = expression(datadog, `.rollup(${datadog.over}, ${signal.periodSeconds})${fill}`);
  if (breaches.periods === breaches.outOf) {
    return { query: `min(${window}):${neutral(byPeriod)} > ${threshold}`, critical: threshold };
  }
  const above = `cutoff_min(${byPeriod}, ${leastAbove(declaration)})`;
  return {
    query: `sum(${window}):${neutral(`${above} / ${above}`)} >= ${breaches.periods}`,
    critical: breaches.periods,
  };
}

/** Takes what has no data for 0. */
function neutral(query: string): string {
  return `default_zero(${query})`;
}

function expression({ across, metrics, dividedBy, tags }: DatadogSeries, modifiers: string): string {
  const scope = Object.entries(tags)
    .map(([tag, value]) => `${tag}:${value}`)
    .join(',');
  const term = (metric: string) => `${across}:${metric}{${scope}}${modifiers}`;
  const [only, ...others] = metrics;
  // A sum with one part missing has no value in Datadog.
  const total = others.length === 0 ? term(only) : metrics.map((one) => neutral(term(one))).join(' + ');
  if (dividedBy === undefined) return total;
  return `${others.length === 0 ? total : `(${total})`} / ${term(dividedBy)}`;
}

/**
 * The bound from which on a value counts as above the threshold, for `cutoff_min` leaves what equals its bound: of whole
 * numbers the next one; of others the threshold itself, so that a value that equals it counts.
 */
function leastAbove({ signal, threshold }: MonitoredDeclaration): number {
  if (signal.statistic === 'Sum') return Math.floor(threshold) + 1;
  if (threshold > 0) return threshold;
  throw new RangeError(
    `some of several periods above ${threshold} can't be said to Datadog of a signal that is no count: 0 is left by ` +
      'cutoff_min, and 0 / 0 is no 1; have every period breach, or a threshold above 0',
  );
}
