/** How many of the last periods have to be above an alarm's threshold. */
export interface Breaches {
  readonly periods: number;
  readonly outOf: number;
}

/** For what must never happen: once is enough. */
export const ONCE: Breaches = { periods: 1, outOf: 1 };

/** For what may flicker: two of three periods. */
export const TWICE_OF_THREE: Breaches = { periods: 2, outOf: 3 };

/** For rates and latencies: an objective is missed by a state, not by a moment. */
export const THRICE: Breaches = { periods: 3, outOf: 3 };
