import type { Statistics } from '../core/plugin/metrics.ts';

/** So many different values are kept as they are, with how often each came: what most metrics have in a minute. */
const EXACT_VALUES = 1000;

/** How far a percentile of more values than these may be from the value itself, as a share of it. */
export const RELATIVE_ERROR = 0.005;

/** From one bucket's end to the next: a bucket's middle is then within {@link RELATIVE_ERROR} of all that lies in it. */
const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

/** Smaller values count as 0, so that the number of buckets is bounded. CloudWatch's range ends at the inverse, 2^360. */
const SMALLEST = 2 ** -360;

/**
 * How often which values came, in bounded memory whatever they are: exactly, up to {@link EXACT_VALUES} different ones, and in
 * buckets that grow geometrically beyond that (after DDSketch: Masson, Rim and Lee 2019). Count, sum, minimum and maximum
 * are exact always, but for the rounding of the sum.
 */
export class Distribution implements Statistics {
  #count = 0;
  #sum = 0;
  /** What additions to the sum have lost (Neumaier's compensated summation). */
  #lost = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;
  /** By value, or by the middle of its bucket. */
  #counts = new Map<number, number>();
  #exact = true;

  get sampleCount(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum + this.#lost;
  }

  get average(): number {
    return this.sum / this.#count;
  }

  get minimum(): number {
    return this.#minimum;
  }

  get maximum(): number {
    return this.#maximum;
  }

  /** How many numbers it holds, which is what its memory grows with. */
  get size(): number {
    return this.#counts.size;
  }

  /** @param given finite */
  add(given: number): void {
    // There is one zero only: -0 is counted as 0.
    const value = given + 0;
    this.#addToSum(value);
    this.#count += 1;
    this.#minimum = Math.min(this.#minimum, value);
    this.#maximum = Math.max(this.#maximum, value);
    this.#keep(value, 1);
  }

  /** Adds all values of another one. */
  merge(other: Distribution): void {
    this.#addToSum(other.#sum);
    this.#addToSum(other.#lost);
    this.#count += other.#count;
    this.#minimum = Math.min(this.#minimum, other.#minimum);
    this.#maximum = Math.max(this.#maximum, other.#maximum);
    if (!other.#exact) this.#bucket();
    for (const [value, times] of other.#counts) this.#keep(value, times);
  }

  /**
   * By nearest rank: the smallest value that at least so many percent of all values do not exceed. CloudWatch says that p95
   * is what 95 percent of the values are below, and no more.
   */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let seen = 0;
    for (const [value, times] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += times;
      if (seen >= rank) return Math.min(Math.max(value, this.#minimum), this.#maximum);
    }
    return this.#maximum;
  }

  #addToSum(value: number): void {
    const total = this.#sum + value;
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - total + value : value - total + this.#sum;
    this.#sum = total;
  }

  #keep(value: number, times: number): void {
    const key = this.#exact ? value : middleOfBucket(value);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
    if (this.#exact && this.#counts.size > EXACT_VALUES) this.#bucket();
  }

  #bucket(): void {
    if (!this.#exact) return;
    const exact = this.#counts;
    this.#exact = false;
    this.#counts = new Map();
    for (const [value, times] of exact) this.#keep(value, times);
  }
}

/** What stands for all values of a bucket; of a middle, itself. */
function middleOfBucket(value: number): number {
  const size = Math.abs(value);
  if (size < SMALLEST) return 0;
  // A middle lies half a bucket from both ends, far from where rounding could move it into the next one.
  const index = Math.ceil(Math.log(size) / LOG_GROWTH);
  return (Math.sign(value) * 2 * GROWTH ** index) / (GROWTH + 1);
}
