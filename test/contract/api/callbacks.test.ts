import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CALLBACK_ATTEMPTS,
  callbackUrl,
  callbackWaitSeconds,
  MAX_CALLBACK_URL_LENGTH,
} from '../../../contract/api/callbacks.ts';
import { defineDeployment, settingsFor } from '../../../contract/deployment/deployment.ts';
import { ContractError } from '../../../contract/model/model.ts';

const HOSTING = {
  mode: 'asynchronous',
  instanceType: 'ml.m5.large',
  instances: { max: 3 },
  backlogPerInstance: 4,
} as const;

/** What is wrong with a deployment whose callbacks may go to these hosts. */
function problemsOf(hosting: object): readonly string[] {
  try {
    defineDeployment({ hosting: hosting as never, objectives: { latencyP95Ms: 300 } });
    return [];
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
}
const withHosts = (hosts: readonly string[]) => problemsOf({ ...HOSTING, callbacks: { hosts } });

describe('the hosts of callbacks', () => {
  it('are names in lower case, as a certificate has them', () => {
    expect(withHosts(['hooks.example.com', 'xn--bcher-kva.example', 'a-1.b2.example'])).toEqual([]);
  });

  it('are refused where they are anything else, all of them at once and each with what to do', () => {
    expect(
      withHosts([
        '*.example.com',
        '192.0.2.7',
        '[2001:db8::1]',
        '2001:db8::1',
        'hooks.example.com:8443',
        'https://hooks.example.com',
        'Hooks.example.com',
        'localhost',
        'hooks.example.com.',
        'hooks.0x7f',
      ]),
    ).toEqual([
      'hosting.callbacks.hosts.0: has a wildcard; name each host by itself (got "*.example.com")',
      'hosting.callbacks.hosts.1: is an address; name the host, because its certificate is checked (got "192.0.2.7")',
      'hosting.callbacks.hosts.2: is an address; name the host, because its certificate is checked (got "[2001:db8::1]")',
      'hosting.callbacks.hosts.3: is an address; name the host, because its certificate is checked (got "2001:db8::1")',
      'hosting.callbacks.hosts.4: has a port; callbacks go to port 443 (got "hooks.example.com:8443")',
      'hosting.callbacks.hosts.5: is more than a host; leave out what stands around its name (got "https://hooks.example.com")',
      'hosting.callbacks.hosts.6: has capitals; write it in lower case (got "Hooks.example.com")',
      'hosting.callbacks.hosts.7: is no name of a host with its domain, such as hooks.example.com (got "localhost")',
      'hosting.callbacks.hosts.8: is no name of a host with its domain, such as hooks.example.com (got "hooks.example.com.")',
      'hosting.callbacks.hosts.9: is no name of a host with its domain, such as hooks.example.com (got "hooks.0x7f")',
    ]);
  });

  it('are some, few, and each once', () => {
    expect(withHosts([])).toHaveLength(1);
    expect(withHosts(Array.from({ length: 11 }, (_, index) => `h${index}.example`))).toHaveLength(1);
    expect(withHosts(['a.example', 'a.example'])).toEqual(['hosting.callbacks.hosts: one is named twice']);
  });

  it('belong to hosting whose answers come later', () => {
    const callbacks = { hosts: ['hooks.example.com'] };
    expect(problemsOf({ mode: 'lambda', callbacks })).toEqual([expect.stringContaining('callbacks')]);
    expect(problemsOf({ mode: 'serverless', callbacks })).toEqual([expect.stringContaining('callbacks')]);
    const deployment = defineDeployment({
      hosting: { ...HOSTING, callbacks },
      objectives: { latencyP95Ms: 300 },
    });
    expect(settingsFor(deployment, 'dev').hosting).toMatchObject({ callbacks });
  });

  it('are read by a URL parser as they are written', () => {
    const label = fc.constantFrom('a', 'a-1', '0', '127', '0x7f', '1e3', 'xn--bcher-kva', 'example');
    const names = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(names, (host) => {
        if (withHosts([host]).length === 0) expect(new URL(`https://${host}`).hostname).toBe(host);
      }),
      { numRuns: 200 },
    );
  });
});

const RULE = { hosts: ['hooks.example.com', 'events.example.org'] };
const refusal = (text: string, rule: Parameters<typeof callbackUrl>[1] = RULE): string => {
  try {
    return `taken as ${callbackUrl(text, rule)}`;
  } catch (error) {
    expect(error).toMatchObject({ name: 'ProblemError', code: 'invalid-callback' });
    return (error as Error).message;
  }
};

describe('the URL of a callback', () => {
  it.each([
    ['https://hooks.example.com/harvest?token=a%20b', 'https://hooks.example.com/harvest?token=a%20b'],
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['HTTPS://Hooks.Example.com:443/x', 'https://hooks.example.com/x'],
    ['https://events.example.org/ü', 'https://events.example.org/%C3%BC'],
  ])('%s is taken', (text, url) => {
    expect(callbackUrl(text, RULE)).toBe(url);
  });

  it.each([
    ['http://hooks.example.com/', ['does not begin with https://']],
    ['https://evil.example/', ['names a host that is not called back']],
    ['https://hooks.example.com.evil.example/', ['names a host that is not called back']],
    ['https://sub.hooks.example.com/', ['names a host that is not called back']],
    ['https://hooks.example.com./', ['names a host that is not called back']],
    [
      'https://hooks.example.com@evil.example/',
      ['names a host that is not called back', 'holds credentials'],
    ],
    ['https://evil.example\\@hooks.example.com/', ['names a host that is not called back']],
    ['https://hooks.example.com:8443/', ['names a port']],
    ['https://user:secret@hooks.example.com/', ['holds credentials']],
    ['https://hooks.example.com/#', ['has a fragment']],
    ['https://169.254.169.254/', ['names a host that is not called back']],
    [
      'http://u@127.0.0.1:9001/x#y',
      [
        'does not begin with https://',
        'names a host that is not called back',
        'names a port',
        'holds credentials',
        'has a fragment',
      ],
    ],
    ['/harvest', ['is not an absolute URL']],
    ['', ['is not an absolute URL']],
  ])('"%s" is refused for everything that is wrong with it', (text, mistakes) => {
    expect(refusal(text)).toBe(
      `The URL in the header x-callback-url ${mistakes.join(', ')}. Send one that begins with https://hooks.example.com or https://events.example.org and has at most 2048 characters, no credentials and no fragment.`,
    );
  });

  it('is refused where it is too long, as it is sent or as it is asked for', () => {
    const url = (length: number) => `https://hooks.example.com/${'x'.repeat(length - 26)}`;
    expect(refusal(url(MAX_CALLBACK_URL_LENGTH))).toContain('taken as');
    expect(refusal(url(MAX_CALLBACK_URL_LENGTH + 1))).toContain('is too long. Send');
    const encoded = `https://hooks.example.com/${'ü'.repeat(MAX_CALLBACK_URL_LENGTH / 4)}`;
    expect(refusal(encoded)).toContain('is too long. Send');
  });

  it('is refused where nobody is called back', () => {
    expect(() => callbackUrl('https://hooks.example.com/', undefined)).toThrow(
      'This model makes no callbacks. Leave the header x-callback-url out.',
    );
  });

  it('may be of the same machine where that is said, and only by http', () => {
    const local = { ...RULE, loopback: true };
    expect(refusal('http://127.0.0.1:4000/hook?x=1', local)).toBe('taken as http://127.0.0.1:4000/hook?x=1');
    expect(refusal('http://localhost:4000/', local)).toBe('taken as http://localhost:4000/');
    expect(refusal('https://hooks.example.com/', local)).toBe('taken as https://hooks.example.com/');
    expect(refusal('http://127.0.0.1.evil.example:4000/', local)).toContain('does not begin with https://');
    expect(refusal('http://192.168.0.1:4000/', local)).toContain('names a host that is not called back');
    expect(refusal('http://a:b@localhost:4000/', local)).toContain('holds credentials. Send');
    expect(refusal('http://evil.example/', local)).toContain('or http://127.0.0.1, with any port,');
    expect(refusal('http://127.0.0.1:4000/')).toContain('does not begin with https://');
  });

  it('leads, whatever is sent, to a declared host, by https and the port of https, or nowhere', () => {
    const pieces = fc.constantFrom(
      'https://',
      'http://',
      'hooks.example.com',
      'evil.example',
      '127.0.0.1',
      '@',
      ':',
      ':443',
      ':80',
      '/',
      '\\',
      '#',
      '?',
      '%2e',
      '.',
      '\t',
      ' ',
      '[::1]',
      'u:p',
      '。',
    );
    const joined = fc.array(pieces, { maxLength: 6 }).map((all) => all.join(''));
    const text = fc.oneof(
      joined,
      fc.tuple(fc.constantFrom('https://', 'https://hooks.example.com'), joined).map((all) => all.join('')),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string(),
    );
    let taken = 0;
    fc.assert(
      fc.property(text, (sent) => {
        const answer = refusal(sent);
        if (!answer.startsWith('taken as ')) return;
        taken += 1;
        const url = answer.slice('taken as '.length);
        // The text itself, not what a parser makes of it, names the host.
        expect(url).toMatch(/^https:\/\/(hooks\.example\.com|events\.example\.org)\/[^#\s]*$/);
        expect(url.length).toBeLessThanOrEqual(MAX_CALLBACK_URL_LENGTH);
        expect(new URL(url).href).toBe(url);
      }),
      { numRuns: 1000, seed: 7 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});

describe('the waits between attempts', () => {
  it('double from a quarter of a minute up to an hour, and make about six hours', () => {
    const waits = Array.from({ length: CALLBACK_ATTEMPTS - 1 }, (_, index) => callbackWaitSeconds(index + 1));

    expect(waits.slice(0, 4)).toEqual([15, 30, 60, 120]);
    expect(waits.at(-1)).toBe(3600);
    expect(waits.reduce((sum, wait) => sum + wait, 0) / 3600).toBeCloseTo(6, 0);
    // The longest that SQS keeps a message out of sight (SQS API reference, ChangeMessageVisibility).
    expect(Math.max(...waits)).toBeLessThanOrEqual(12 * 3600);
  });
});
