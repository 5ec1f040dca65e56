/**
 * How a policy waits for what it did to take effect (Application Auto Scaling, "Cooldown period").
 *
 * After a scale-out, what was added counts as a part of what the next one adds: only a larger one changes anything.
 * After a scale-in, the policy takes nothing away; a scale-out, of any policy, ends that at once.
 */
export class Cooldown {
  #outUntil = Number.NEGATIVE_INFINITY;
  #inUntil = Number.NEGATIVE_INFINITY;
  #before = 0;

  /** The capacity that a scale-out is reckoned from. */
  serving(now: number, current: number): number {
    return now < this.#outUntil ? Math.min(this.#before, current) : current;
  }

  blocksScaleIn(now: number): boolean {
    return now < this.#inUntil;
  }

  scaledOut(now: number, cooldownMs: number, before: number): void {
    // A larger scale-out within the cooldown begins another one, reckoned from the same capacity.
    this.#before = this.serving(now, before);
    this.#outUntil = now + cooldownMs;
  }

  scaledIn(now: number, cooldownMs: number): void {
    this.#inUntil = now + cooldownMs;
  }

  allowScaleIn(): void {
    this.#inUntil = Number.NEGATIVE_INFINITY;
  }
}
