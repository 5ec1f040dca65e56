import type { Clock } from '../../../../local/clock/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  readonly handle: NodeJS.Timeout;
}

/**
 * How far into a minute time is put forward, in milliseconds. Whoever sets a timer has read the time a moment before, so that
 * what is to happen when a minute ends is due a little later: on a busy machine, some milliseconds.
 */
const INTO_MINUTE_MS = 1000;

/** The machine's own time, which a test may put forward: what processes do goes on meanwhile. */
export class ShiftedClock implements Clock {
  readonly #timers = new Set<Timer>();
  #shift = 0;

  now(): number {
    return Date.now() + this.#shift;
  }

  after(ms: number, callback: () => void): () => void {
    const handle = setTimeout(() => this.#fire(timer), ms);
    const timer: Timer = { at: this.now() + ms, callback, handle };
    this.#timers.add(timer);
    return () => this.#drop(timer);
  }

  /** Puts time forward to the begin of a next minute, and calls back whatever is due by then, in order. */
  endMinutes(count = 1): void {
    for (let minute = 0; minute < count; minute += 1) {
      this.shift(60_000 - (this.now() % 60_000) + INTO_MINUTE_MS);
    }
  }

  /** Puts time forward by so many milliseconds, and calls back whatever is due by then, in order. */
  shift(ms: number): void {
    this.#shift += ms;
    const due = [...this.#timers].filter(({ at }) => at <= this.now()).sort((a, b) => a.at - b.at);
    for (const timer of due) this.#fire(timer);
  }

  #fire(timer: Timer): void {
    if (!this.#timers.has(timer)) return;
    this.#drop(timer);
    timer.callback();
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
