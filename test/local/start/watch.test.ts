import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../local/clock/clock.ts';
import { lookAtSources, watchSources } from '../../../local/start/watch.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'furrow-watch-'));
  mkdirSync(join(project, 'models', 'rye', 'node_modules'), { recursive: true });
  writeFileSync(join(project, 'models', 'rye', 'model.ts'), 'a');
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A clock whose one timer fires when it is told to. */
function handClock() {
  let next: (() => void) | undefined;
  const clock: Clock = {
    now: () => 0,
    after: (_, callback) => {
      next = callback;
      return () => {
        next = undefined;
      };
    },
  };
  return { clock, tick: () => next?.(), isRunning: () => next !== undefined };
}

/** Looks twice: once to see a change, once to see that it has come to rest. */
function watching(since = lookAtSources(project)) {
  let changes = 0;
  const { clock, tick, isRunning } = handClock();
  const stop = watchSources(project, since, clock, () => {
    changes += 1;
  });
  const settled = () => {
    tick();
    tick();
    return changes;
  };
  return { settled, tick, stop, isRunning, changes: () => changes };
}

describe('watching the source', () => {
  const model = () => join(project, 'models', 'rye', 'model.ts');

  test('notices every way to save a file, each time', () => {
    const { settled } = watching();
    expect(settled()).toBe(0);

    for (let round = 0; round < 3; round += 1) {
      appendFileSync(model(), 'more');
      expect(settled()).toBe(2 * round + 1);
      writeFileSync(join(project, 'models', 'rye', '.model.swp'), `${round}`);
      renameSync(join(project, 'models', 'rye', '.model.swp'), model());
      expect(settled()).toBe(2 * round + 2);
    }
  });

  test('notices new files and removed ones', () => {
    const { settled } = watching();
    writeFileSync(join(project, 'models', 'new.ts'), '');
    expect(settled()).toBe(1);
    rmSync(join(project, 'models', 'new.ts'));
    expect(settled()).toBe(2);
  });

  test('notices a change that was made after an earlier look, once', () => {
    const before = lookAtSources(project);
    appendFileSync(model(), 'more');
    const { settled } = watching(before);

    expect(settled()).toBe(1);
    expect(settled()).toBe(1);
  });

  test('waits until a change has come to rest', () => {
    const { tick, changes } = watching();
    appendFileSync(model(), '1');
    tick();
    appendFileSync(model(), '2');
    tick();
    expect(changes()).toBe(0);
    tick();
    expect(changes()).toBe(1);
  });

  test('leaves installed packages and hidden files alone', () => {
    const { settled } = watching();
    writeFileSync(join(project, 'models', 'rye', 'node_modules', 'x.js'), '');
    writeFileSync(join(project, 'models', '.hidden'), '');
    expect(settled()).toBe(0);
  });

  test('ends', () => {
    const { stop, isRunning } = watching();
    stop();
    expect(isRunning()).toBe(false);
  });
});
