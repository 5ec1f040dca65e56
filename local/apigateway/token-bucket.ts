import type { Throttle } from './definition.ts';

/** A token bucket: `burstLimit` requests at once, refilled at `rateLimit` a second. */
export class TokenBucket {
  readonly #throttle: Throttle;
  #tokens: number;
  #refilledAt: number;

  /** @param now milliseconds since the epoch */
  constructor(throttle: Throttle, now: number) {
    this.#throttle = throttle;
    this.#tokens = throttle.burstLimit;
    this.#refilledAt = now;
  }

  /** Takes a token; false where there is none. */
  take(now: number): boolean {
    const { rateLimit, burstLimit } = this.#throttle;
    const elapsed = Math.max(0, now - this.#refilledAt) / 1000;
    // Without a rate limit, nothing times infinity would not be a number.
    const gained = elapsed === 0 ? 0 : elapsed * rateLimit;
    this.#tokens = Math.min(burstLimit, this.#tokens + gained);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Buckets made when first asked for. */
export class TokenBuckets {
  readonly #buckets = new Map<string, TokenBucket>();

  take(key: string, throttle: Throttle, now: number): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(throttle, now);
    this.#buckets.set(key, bucket);
    return bucket.take(now);
  }
}
