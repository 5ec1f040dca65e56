import { describe, expect, it } from 'vitest';
import { unreadiness } from '../../../serving/model/health.ts';
import type { ServedModel } from '../../../serving/model/model.ts';

const running = (since: number | undefined): ServedModel => ({
  name: 'm',
  signature: { inputs: [], outputs: [] },
  infer: () => Promise.reject(new Error('not asked')),
  runningSince: () => since,
  gone: new Promise(() => undefined),
  close: () => Promise.resolve(),
});

describe('readiness', () => {
  it('is denied, with the reason, while the server is not ready', () => {
    expect(unreadiness({ kind: 'loading' }, 0, 1)).toBe('the model is being loaded');
    expect(unreadiness({ kind: 'draining' }, 0, 1)).toBe('the server is shutting down');
    expect(unreadiness({ kind: 'failed', reason: 'no file' }, 0, 1)).toBe(
      "the model can't be served: no file",
    );
  });

  it('is granted to a loaded model, idle or running', () => {
    expect(unreadiness({ kind: 'ready', model: running(undefined) }, 9_000, 1_000)).toBeUndefined();
    expect(unreadiness({ kind: 'ready', model: running(8_000) }, 9_000, 1_000)).toBeUndefined();
  });

  it('is denied while a run lasts longer than it may', () => {
    expect(unreadiness({ kind: 'ready', model: running(7_999) }, 9_000, 1_000)).toBe(
      'the model has been running for more than 1000 ms',
    );
  });
});
