import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aheadOfMachine, sleep, stopwatch } from '../../../local/clock/clock.ts';
import { systemClock } from '../../../local/clock/system-clock.ts';
import { ManualClock } from '../core/support/manual-clock.ts';
import { ShiftedClock } from '../core/support/shifted-clock.ts';

describe('aheadOfMachine', () => {
  it('is nothing for the machine itself, however often it is asked', () => {
    for (let time = 0; time < 1000; time += 1) expect(aheadOfMachine(systemClock)).toBe(0);
  });

  it.each([3_600_000, -86_400_000])('is what a clock was put forward or back by: %i ms', (ms) => {
    const clock = new ShiftedClock();
    clock.shift(ms);

    expect(Math.abs(aheadOfMachine(clock) - ms)).toBeLessThan(50);
  });
});

describe('stopwatch', () => {
  it("tells what has passed by a clock that only a test moves, and nothing of the machine's time", () => {
    const clock = new ManualClock();
    const elapsed = stopwatch(clock);

    expect(elapsed()).toBe(0);
    clock.advance(1234);
    expect(elapsed()).toBe(1234);
  });

  it('counts fractions of a millisecond of the machine', () => {
    const elapsed = stopwatch(systemClock);
    const readings = Array.from({ length: 200 }, () => elapsed());

    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
    expect(readings.some((ms) => !Number.isInteger(ms))).toBe(true);
  });

  it('counts what the clock is put forward by meanwhile, and never less than nothing', () => {
    const clock = new ShiftedClock();
    const elapsed = stopwatch(clock);

    clock.shift(60_000);
    expect(elapsed()).toBeGreaterThanOrEqual(60_000);
    clock.shift(-120_000);
    expect(elapsed()).toBe(0);
  });
});

describe('sleep', () => {
  it('ends when the clock says so', async () => {
    const clock = new ManualClock();
    const slept = sleep(clock, 1000).then(() => clock.now());
    const begun = clock.now();
    clock.advance(5000);

    expect(await slept).toBe(begun + 5000);
    expect(clock.waiting).toBe(0);
  });

  it('ends at once where it is aborted, before it begins or later, and leaves no timer', async () => {
    const clock = new ManualClock();
    const early = sleep(clock, 1000, AbortSignal.abort('why'));
    const abort = new AbortController();
    const late = sleep(clock, 1000, abort.signal);
    abort.abort('later');

    await expect(early).rejects.toBe('why');
    await expect(late).rejects.toBe('later');
    expect(clock.waiting).toBe(0);
  });
});

describe("the machine's own time", () => {
  /** Files that may read it or wait by it, each with the reason. */
  const ALLOWED: Readonly<Record<string, string>> = {
    'clock/clock.ts': 'compares a clock with it',
    'clock/system-clock.ts': 'is it',
    'lambda/execution-environment.ts': 'keeps the time limits of a process, which runs by it',
    'main.ts': 'ends its own process',
  };

  it('is read nowhere in the local cloud but where a process of the machine is watched', () => {
    const root = join(import.meta.dirname, '../../../local');
    const readers = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) =>
        /\bDate\.now\b|new Date\(\)|performance\.now|\bset(Timeout|Interval)\b|hrtime/.test(
          readFileSync(file, 'utf8'),
        ),
      )
      .map((file) => file.slice(root.length + 1));

    expect(readers.sort()).toEqual(Object.keys(ALLOWED).sort());
  });
});
