import { afterEach, describe, expect, it, vi } from 'vitest';
import { callbackRule } from '../../../lambda/callbacks/callback-rule.ts';
import { readEnvironment } from '../../../lambda/environment.ts';
import { createHandler } from '../../../lambda/handlers/notify.ts';

const HOSTS = '["hooks.example.com"]';
const ruleIn = (variables: Record<string, string>) =>
  callbackRule(readEnvironment(['CALLBACK_HOSTS', 'LOCAL_CLOUD'], variables));

afterEach(() => vi.unstubAllEnvs());

describe('which URLs a function may call back', () => {
  it('are those of the declared hosts, and none where there are none', () => {
    expect(ruleIn({ CALLBACK_HOSTS: HOSTS })).toEqual({ hosts: ['hooks.example.com'], loopback: false });
    expect(ruleIn({})).toBeUndefined();
    expect(ruleIn({ LOCAL_CLOUD: 'true' })).toBeUndefined();
  });

  it('are those of the same machine as well, in the local cloud alone', () => {
    expect(ruleIn({ CALLBACK_HOSTS: HOSTS, LOCAL_CLOUD: 'true' })).toMatchObject({ loopback: true });
    expect(() => ruleIn({ CALLBACK_HOSTS: HOSTS, LOCAL_CLOUD: 'yes' })).toThrow('LOCAL_CLOUD is not usable');
    expect(() => ruleIn({ CALLBACK_HOSTS: '[]' })).toThrow('CALLBACK_HOSTS is not usable');
  });

  it('have to be known to the function that calls them, and the queue that it puts them off in', () => {
    expect(() => createHandler()).toThrow('CALLBACK_HOSTS or CALLBACK_QUEUE_URL is not set');
    vi.stubEnv('CALLBACK_HOSTS', HOSTS);
    expect(() => createHandler()).toThrow('CALLBACK_HOSTS or CALLBACK_QUEUE_URL is not set');
    vi.stubEnv('CALLBACK_QUEUE_URL', 'http://127.0.0.1:1/queue');
    expect(() => createHandler()).not.toThrow();
  });
});
