import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, httpReceiver } from '../../../lambda/callbacks/receiver.ts';

const BODY = {
  callbackId: '01JDXM3V5Q8ZJ4T0R9C7B2A6WE',
  model: 'harvest',
  status: 'succeeded',
  predictionIds: ['P'],
} as const;

let server: Server;
let base: string;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
});

const send = (url: string, signal = AbortSignal.timeout(10_000)) => httpReceiver(url, BODY, signal);

describe('a receiver', () => {
  it('gets a callback as JSON, with the id that it can be known again by', async () => {
    answer = (response) => response.writeHead(204).end();

    expect(await send(`${base}/hook?token=4711`)).toBe(204);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/hook?token=4711',
        headers: { 'content-type': 'application/json', 'x-callback-id': BODY.callbackId },
      },
    ]);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(BODY);
  });

  it.each([301, 302, 303, 307, 308])('that redirects by %d is not followed', async (status) => {
    answer = (response) => response.writeHead(status, { location: `${base}/elsewhere` }).end();

    expect(await send(`${base}/hook`)).toBe(status);
    expect(seen.map(({ url }) => url)).toEqual(['/hook']);
  });

  it('may answer for ever: what it says behind its status is not awaited', async () => {
    const closed = new Promise<void>((resolve) => {
      answer = (response) => {
        response.once('close', resolve);
        response.writeHead(200).write('x'.repeat(1000));
      };
    });

    expect(await send(`${base}/hook`)).toBe(200);
    await closed;
  });

  it('that says nothing in time is left, and told from one that is not there', async () => {
    const over = new AbortController();
    answer = () => over.abort(new DOMException('late', 'TimeoutError'));
    const late = await send(`${base}/hook`, over.signal).catch(failureOf);
    expect(late).toBe('TimeoutError');

    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect(await send(`http://127.0.0.1:${port}/`).catch(failureOf)).toBe('ECONNREFUSED');
  });

  it('that can not show whose it is gets nothing', async () => {
    answer = (response) => response.writeHead(200).end();
    // This one speaks no TLS at all; one with another name's certificate fails in the same place.
    const failure = await send(base.replace('http:', 'https:')).catch(failureOf);

    expect(failure).toMatch(/SSL/);
    expect(seen).toEqual([]);
  });
});
