import { describe, expect, it } from 'vitest';
import {
  BARLEY,
  bodyOf,
  fixture,
  infer,
  openRequest,
  type RunningServer,
  startServer,
} from './model-server-process.ts';

const request = {
  inputs: [
    { name: 'variety', shape: [1, 1], datatype: 'BYTES', data: ['Trebi'] },
    { name: 'site', shape: [1, 1], datatype: 'BYTES', data: ['Waseca'] },
  ],
};

const ping = async (server: RunningServer) => (await fetch(`${server.url}/ping`)).status;

describe('a server that is told to end', () => {
  it('finishes what it has, refuses what comes, and exits with 0', async () => {
    const server = await startServer({ model: BARLEY });
    const inFlight = await openRequest(server, request);

    server.child.kill('SIGTERM');
    await server.logged('draining');
    expect(await ping(server)).toBe(503);
    const refused = await infer(server, request);
    expect([refused.status, await refused.json()]).toEqual([503, { error: 'the server is shutting down' }]);

    expect((await inFlight.finish()).status).toBe(200);
    expect(await server.exited).toBe(0);
  });

  it('exits at once when it is idle', async () => {
    const server = await startServer({ model: BARLEY });
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  it('gives up on requests after its grace period, and exits with 1', async () => {
    const server = await startServer({ model: BARLEY, env: { GRACE_PERIOD_MS: '1' } });
    await openRequest(server, request);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(1);
    expect(await server.logged('drained')).toMatchObject({ level: 'error', abandoned: 1 });
  });
});

describe('a server that is full', () => {
  it('answers 503 with Retry-After, stays healthy, and answers again when there is room', async () => {
    const server = await startServer({ model: BARLEY, env: { MAX_PENDING_REQUESTS: '1' } });
    const admitted = await openRequest(server, request);

    const refused = await infer(server, request);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({ error: 'the server is busy: too many requests are waiting' });
    expect(await ping(server)).toBe(200);

    expect((await admitted.finish()).status).toBe(200);
    expect((await infer(server, request)).status).toBe(200);
  });

  it('counts bytes too', async () => {
    const server = await startServer({ model: BARLEY, env: { MAX_PENDING_BYTES: '100' } });
    expect((await infer(server, request)).status).toBe(503);
  });

  it('has room again when a client goes away', async () => {
    const server = await startServer({ model: BARLEY, env: { MAX_PENDING_REQUESTS: '1' } });
    const admitted = await openRequest(server, request);
    admitted.abort();
    expect(await server.logged('invocation')).toMatchObject({ status: 499 });
    expect((await infer(server, request)).status).toBe(200);
  });
});

describe('a model that can not be served', () => {
  const cases = [
    ['no file', {}, /model\.onnx/],
    ['a type that JSON does not have', { model: fixture('half') }, /"x" is float16, which JSON can't carry/],
    [
      'a description with a typing error',
      { model: BARLEY, described: { nmae: 'x' } },
      /model\.json is not usable/,
    ],
    [
      'a warm-up that fails',
      { model: BARLEY, warmup: { inputs: [] } },
      /warmup\.json was not answered: inputs: /,
    ],
  ] as const;

  it.each(cases)('for %s leaves the server up, unhealthy, with the reason', async (_, options, reason) => {
    const server = await startServer(options);
    const response = await fetch(`${server.url}/ping`);
    expect(response.status).toBe(503);
    expect((await bodyOf(response)).error).toMatch(reason);
    expect((await infer(server, request)).status).toBe(503);
    expect((await fetch(`${server.url}/v2/health/live`)).status).toBe(200);
  });

  it('is served after a warm-up that succeeds', async () => {
    const server = await startServer({ model: BARLEY, warmup: request });
    expect(await ping(server)).toBe(200);
  });
});

describe('a run that lasts too long', () => {
  it('makes the server unhealthy until it ends', async () => {
    const server = await startServer({ model: fixture('slow'), env: { RUN_TIMEOUT_MS: '1' } });
    const slow = infer(server, { inputs: [{ name: 'steps', shape: [1], datatype: 'INT64', data: [2000] }] });

    await expect.poll(() => ping(server), { interval: 1 }).toBe(503);
    expect((await slow).status).toBe(200);
    expect(await ping(server)).toBe(200);
  });
});
