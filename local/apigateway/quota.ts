export interface Quota {
  readonly limit: number;
  readonly period: 'DAY' | 'WEEK' | 'MONTH';
}

/** Counts requests against quotas; the counts start again with each period and with the local cloud. */
export class QuotaCounter {
  readonly #counts = new Map<string, { readonly period: string; readonly used: number }>();

  /**
   * Uses one request of a quota; false where nothing is left of it.
   * @param now milliseconds since the epoch
   */
  use(key: string, quota: Quota, now: number): boolean {
    const period = periodOf(quota.period, now);
    const known = this.#counts.get(key);
    const used = known?.period === period ? known.used : 0;
    if (used >= quota.limit) return false;
    this.#counts.set(key, { period, used: used + 1 });
    return true;
  }
}

/** Periods begin at midnight UTC: weeks on Sunday, months on the first (docs: "Usage plans", quota). */
function periodOf(period: Quota['period'], now: number): string {
  const start = new Date(now);
  start.setUTCHours(0, 0, 0, 0);
  if (period === 'WEEK') start.setUTCDate(start.getUTCDate() - start.getUTCDay());
  if (period === 'MONTH') start.setUTCDate(1);
  return start.toISOString();
}
