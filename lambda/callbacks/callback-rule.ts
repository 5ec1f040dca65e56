import type { CallbackRule } from '../../contract/api/callbacks.ts';

/** Which URLs a function may call back; undefined where it calls none. On the laptop, the laptop's own are among them. */
export function callbackRule({
  CALLBACK_HOSTS: hosts,
  LOCAL_CLOUD,
}: {
  readonly CALLBACK_HOSTS: readonly string[] | undefined;
  readonly LOCAL_CLOUD: 'true' | undefined;
}): CallbackRule | undefined {
  return hosts === undefined ? undefined : { hosts, loopback: LOCAL_CLOUD === 'true' };
}
