import { describe, expect, test } from 'vitest';
import { FunctionsEnded } from '../../../local/lambda/errors.ts';
import { InitFailed, type Outcome } from '../../../local/lambda/execution-environment.ts';
import { EnvironmentPool, type PooledEnvironment } from '../../../local/lambda/pool.ts';
import type { Invocation } from '../../../local/lambda/runtime-api.ts';
import { LambdaThrottled } from '../../../local/lambda/service.ts';

/** An environment that a test finishes by hand. */
class FakeEnvironment implements PooledEnvironment {
  readonly pid = undefined;
  readonly ran: string[] = [];
  readonly ended: Promise<void>;
  end: () => void = () => undefined;
  finish: (reusable?: boolean) => void = () => undefined;
  #reusable = true;
  closed = false;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  run({ requestId }: Invocation): Promise<Outcome> {
    this.ran.push(requestId);
    return new Promise((resolve) => {
      this.finish = (reusable = true) => {
        this.#reusable = reusable;
        resolve({ payload: `"${requestId}"`, error: undefined, durationMs: 1 });
      };
    });
  }

  available(): Promise<boolean> {
    return Promise.resolve(this.#reusable);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function newPool(
  options: { reservedConcurrency?: number; maxEnvironments?: number; failures?: Error[] } = {},
) {
  const environments: FakeEnvironment[] = [];
  const unmet: Error[] = [];
  const pool = new EnvironmentPool({
    reservedConcurrency: options.reservedConcurrency,
    maxEnvironments: options.maxEnvironments ?? 10,
    start: () => {
      const failure = options.failures?.shift();
      if (failure !== undefined) return Promise.reject(failure);
      const environment = new FakeEnvironment();
      environments.push(environment);
      return Promise.resolve(environment);
    },
    onInitFailed: (error) => unmet.push(error),
  });
  return { pool, environments, unmet };
}

const invocation = (requestId: string): Invocation => ({
  requestId,
  event: '{}',
  invokedFunctionArn: '',
  traceId: '',
});
/** Lets everything that is only waiting for promises happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('EnvironmentPool', () => {
  test('gives an invocation to the environment that was used last', async () => {
    const { pool, environments } = newPool();
    const both = [pool.invoke(invocation('a')), pool.invoke(invocation('b'))];
    await settle();
    environments[1]?.finish();
    await settle();
    environments[0]?.finish();
    await Promise.all(both);
    await settle();

    const next = pool.invoke(invocation('c'));
    await settle();
    environments[0]?.finish();
    await next;

    // The second environment became idle first, so the first one is the warmer.
    expect(environments[0]?.ran.at(-1)).toBe('c');
    expect(environments.map((one) => one.ran.length)).toEqual([2, 1]);
  });

  test('lets invocations wait for one of as many environments as there may be, in order', async () => {
    const { pool, environments } = newPool({ maxEnvironments: 1 });
    const all = ['a', 'b', 'c'].map((id) => pool.invoke(invocation(id)));
    for (let i = 0; i < 3; i++) {
      await settle();
      environments[0]?.finish();
    }

    expect((await Promise.all(all)).map((one) => one.payload)).toEqual(['"a"', '"b"', '"c"']);
    expect(environments).toHaveLength(1);
  });

  test('tells when nothing is running or waiting any more', async () => {
    const { pool, environments } = newPool({ maxEnvironments: 1 });
    const all = ['a', 'b'].map((id) => pool.invoke(invocation(id)));
    let isSettled = false;
    const settled = pool.settled().then(() => {
      isSettled = true;
    });
    await settle();
    environments[0]?.finish();
    await all[0];
    await settle();

    expect(isSettled).toBe(false);
    environments[0]?.finish();
    await Promise.all([...all, settled]);
    await expect(pool.settled()).resolves.toBeUndefined();
  });

  test('throttles beyond the reserved concurrency, waiting invocations included', async () => {
    const { pool, environments } = newPool({ maxEnvironments: 1, reservedConcurrency: 2 });
    const admitted = [pool.invoke(invocation('a')), pool.invoke(invocation('b'))];

    await expect(pool.invoke(invocation('c'))).rejects.toThrow(new LambdaThrottled('Rate Exceeded.'));
    for (let i = 0; i < 2; i++) {
      await settle();
      environments[0]?.finish();
    }
    await Promise.all(admitted);
    expect(pool.inFlight).toBe(0);
  });

  test('replaces an environment that ended, whether busy or idle', async () => {
    const { pool, environments } = newPool();
    const first = pool.invoke(invocation('a'));
    await settle();
    environments[0]?.finish(false);
    await first;
    await settle();
    const second = pool.invoke(invocation('b'));
    await settle();
    environments[1]?.finish();
    await second;
    await settle();
    environments[1]?.end();
    await settle();
    const third = pool.invoke(invocation('c'));
    await settle();
    environments[2]?.finish();
    await third;

    expect(environments.map((one) => one.ran)).toEqual([['a'], ['b'], ['c']]);
  });

  test('gives a failed init to the invocation that waited longest, and starts again for the next', async () => {
    const failure = new InitFailed((requestId) => ({
      errorType: 'Runtime.ExitError',
      errorMessage: requestId,
    }));
    const { pool, environments } = newPool({ maxEnvironments: 1, failures: [failure] });
    const all = [pool.invoke(invocation('a')), pool.invoke(invocation('b'))];
    await settle();
    await settle();
    environments[0]?.finish();

    expect((await Promise.all(all)).map((one) => one.error?.errorMessage)).toEqual(['a', undefined]);
  });

  test('warms one environment, once, and reports where that fails', async () => {
    const { pool, environments, unmet } = newPool({ failures: [new Error('no code')] });
    await pool.warm();
    expect(unmet.map((one) => one.message)).toEqual(['no code']);
    await Promise.all([pool.warm(), pool.warm()]);
    await pool.warm();

    expect(environments).toHaveLength(1);
  });

  test('keeps so many environments, and ends a busy one of the surplus when it has answered', async () => {
    const { pool, environments } = newPool();
    pool.keep(2);
    await settle();
    const both = [pool.invoke(invocation('a')), pool.invoke(invocation('b'))];
    await settle();
    pool.keep(1);
    expect(environments.map((one) => one.closed)).toEqual([false, false]);

    environments[0]?.finish();
    environments[1]?.finish();
    await Promise.all(both);
    await settle();

    expect(environments.map((one) => one.closed)).toEqual([true, false]);
  });

  test('closing ends the environments and refuses those who wait', async () => {
    const { pool, environments } = newPool({ maxEnvironments: 1 });
    void pool.invoke(invocation('a'));
    const waiting = pool.invoke(invocation('b'));
    const refused = expect(waiting).rejects.toThrow(FunctionsEnded);
    await settle();
    await pool.close();

    await refused;
    expect(environments.map((one) => one.closed)).toEqual([true]);
  });

  test('closing waits for an environment that is starting, and for the end of each', async () => {
    const { pool, environments } = newPool();
    const begun: string[] = [];
    void pool.warm().then(() => begun.push('started'));
    const closing = pool.close().then(() => begun.push('closed'));
    await closing;

    expect(begun).toEqual(['started', 'closed']);
    expect(environments.map((one) => one.closed)).toEqual([true]);
  });

  test('closed, it refuses invocations and starts nothing more', async () => {
    const { pool, environments } = newPool();
    await pool.close();

    await expect(pool.invoke(invocation('a'))).rejects.toThrow(FunctionsEnded);
    await expect(pool.warm()).rejects.toThrow(FunctionsEnded);
    pool.keep(2);
    await settle();

    expect(environments).toHaveLength(0);
    expect(pool.inFlight).toBe(0);
  });
});
