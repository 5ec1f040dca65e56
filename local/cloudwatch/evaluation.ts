/** How an alarm compares a value with its threshold, by CloudWatch's names. */
const COMPARISONS: ReadonlyMap<string, (value: number, threshold: number) => boolean> = new Map([
  ['GreaterThanThreshold', (value, threshold) => value > threshold],
  ['GreaterThanOrEqualToThreshold', (value, threshold) => value >= threshold],
  ['LessThanThreshold', (value, threshold) => value < threshold],
  ['LessThanOrEqualToThreshold', (value, threshold) => value <= threshold],
]);

/** Whether a value breaches; undefined for a comparison with anything else than one threshold. */
export function comparisonWith(
  threshold: number,
  operator: string,
): ((value: number) => boolean) | undefined {
  const compare = COMPARISONS.get(operator);
  return compare && ((value) => compare(value, threshold));
}

/** What has to be true of how many of the last minutes. */
export interface BreachRule {
  readonly breaches: (value: number) => boolean;
  readonly minutes: number;
  readonly minutesToAlarm: number;
  /** Whether a minute without data counts as a breach. */
  readonly missingBreaches: boolean;
}

/**
 * Whether enough of the last minutes breach.
 * @param values minute by minute, the newest last; undefined where nothing was measured
 */
export function enoughBreach(rule: BreachRule, values: readonly (number | undefined)[]): boolean {
  const breaching = values
    .slice(-rule.minutes)
    .filter((value) => (value === undefined ? rule.missingBreaches : rule.breaches(value)));
  return breaching.length >= rule.minutesToAlarm;
}
