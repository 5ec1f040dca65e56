import { afterEach, describe, expect, it } from 'vitest';
import type { Gateway } from '../../../local/apigateway/gateway.ts';
import { messageReply } from '../../../local/apigateway/reply.ts';
import { ApiServer } from '../../../local/apigateway/server.ts';

const log = { group: () => undefined, info: () => undefined, warn: () => undefined };
let server: ApiServer | undefined;
afterEach(() => server?.close());

/** A gateway that says its name, when it is let. */
function gatewayNamed(name: string, until: Promise<void> = Promise.resolve()): Gateway {
  const handle = async () => {
    await until;
    return messageReply(200, name);
  };
  return { handle } as unknown as Gateway;
}

const answer = async (url: string) =>
  ((await (await fetch(`${url}/any`)).json()) as { message: string }).message;

describe('the server of all APIs', () => {
  it('keeps requests that come before anything is deployed until something is', async () => {
    server = await ApiServer.listen(0, Date.now, log);
    const early = answer(server.url);
    server.serve(gatewayNamed('first'), new Map());

    expect(await early).toBe('first');
  });

  it('passes requests to the next deployment, and has the old one answer what it has begun', async () => {
    let finish = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun = (): void => undefined;
    const met = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const old = gatewayNamed('old', busy);
    server = await ApiServer.listen(0, Date.now, log);
    const noticed: Gateway['handle'] = (...sent) => {
      begun();
      return old.handle(...sent);
    };
    server.serve({ handle: noticed } as unknown as Gateway, new Map());
    const slow = answer(server.url);
    await met;
    server.serve(gatewayNamed('new'), new Map());

    expect(await answer(server.url)).toBe('new');
    finish();
    expect(await slow).toBe('old');
  });
});
