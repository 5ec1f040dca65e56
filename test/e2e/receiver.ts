import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackBody } from '../../contract/api/callbacks.ts';

export interface Received {
  readonly path: string | undefined;
  /** What the header says that a callback is known again by. */
  readonly id: string | string[] | undefined;
  readonly body: CallbackBody;
}

/** Whom models call back: a server on this machine that answers one status after another, and the last one from then on. */
export async function startReceiver(statuses: readonly number[]) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const status = statuses[Math.min(received.length, statuses.length - 1)] ?? 204;
    received.push({ path: request.url, id: request.headers['x-callback-id'], body: JSON.parse(text) });
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: received as readonly Received[],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
