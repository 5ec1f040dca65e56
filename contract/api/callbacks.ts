import { z } from 'zod';
import { ProblemError } from '../problems/problems.ts';

/** The header by which a caller says where it wants to be told that its predictions are there. */
export const CALLBACK_HEADER = 'x-callback-url';

/** The header by which a callback is known again: it may come more than once. */
export const CALLBACK_ID_HEADER = 'x-callback-id';

/** All headers of a request together have 10,240 bytes (API Gateway quotas); the others need their share. */
export const MAX_CALLBACK_URL_LENGTH = 2048;

/** Ten of the longest names fit into a function's variables, which have 4 KB together (Lambda quotas). */
const MAX_HOSTS = 10;

/** RFC 1123, section 2.1, and more than one label. The last one begins with a letter, so that no parser reads an address. */
const DNS_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const host = z.string().superRefine((text, context) => {
  const problem = hostProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: text });
});

/** Callers of an asynchronous model may be told instead of polling. */
export const callbacks = z.strictObject({
  /** Where callbacks may go, as names of hosts: over https, to the port 443. */
  hosts: z
    .array(host)
    .min(1)
    .max(MAX_HOSTS)
    .refine((all) => new Set(all).size === all.length, 'one is named twice'),
});

/** What keeps a text from being the name of a host that callbacks go to; undefined where nothing does. */
function hostProblem(text: string): string | undefined {
  if (text.includes('*')) return 'has a wildcard; name each host by itself';
  if (/[/?#@]/.test(text)) return 'is more than a host; leave out what stands around its name';
  if (/^[\d.]+$|^\[|:.*:/.test(text))
    return 'is an address; name the host, because its certificate is checked';
  if (text.includes(':')) return 'has a port; callbacks go to port 443';
  if (/[A-Z]/.test(text)) return 'has capitals; write it in lower case';
  return DNS_NAME.test(text) ? undefined : 'is no name of a host with its domain, such as hooks.example.com';
}

/** Which URLs a model calls back. */
export interface CallbackRule {
  readonly hosts: readonly string[];
  /** Whether http URLs of this very machine are called as well: for trying things out. @default false */
  readonly loopback?: boolean;
}

/**
 * The URL that a caller has sent, in the spelling in which it is asked for.
 * @param rule undefined where the model calls nobody back
 * @throws {ProblemError} `invalid-callback`, with everything that is wrong with the URL and with what is taken
 */
export function callbackUrl(text: string, rule: CallbackRule | undefined): string {
  if (rule === undefined) {
    throw new ProblemError(
      'invalid-callback',
      `This model makes no callbacks. Leave the header ${CALLBACK_HEADER} out.`,
    );
  }
  const url = text.length > MAX_CALLBACK_URL_LENGTH || !URL.canParse(text) ? undefined : new URL(text);
  const mistakes = url === undefined ? [formMistake(text)] : urlMistakes(url, text, rule);
  if (url !== undefined && mistakes.length === 0) return url.href;
  throw new ProblemError(
    'invalid-callback',
    `The URL in the header ${CALLBACK_HEADER} ${mistakes.join(', ')}. ${advice(rule)}`,
  );
}

function formMistake(text: string): string {
  return text.length > MAX_CALLBACK_URL_LENGTH ? 'is too long' : 'is not an absolute URL';
}

function urlMistakes(url: URL, text: string, { hosts, loopback = false }: CallbackRule): string[] {
  const mistakes: string[] = [];
  if (!(loopback && isLoopback(url))) {
    if (url.protocol !== 'https:') mistakes.push('does not begin with https://');
    if (!hosts.includes(url.hostname)) mistakes.push('names a host that is not called back');
    if (url.port !== '') mistakes.push('names a port');
  }
  if (url.username !== '' || url.password !== '') mistakes.push('holds credentials');
  if (text.includes('#')) mistakes.push('has a fragment');
  // What is not ASCII takes more room in the spelling that is asked for.
  if (url.href.length > MAX_CALLBACK_URL_LENGTH) mistakes.push('is too long');
  return mistakes;
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
}

function advice({ hosts, loopback = false }: CallbackRule): string {
  const own = loopback ? ' or http://127.0.0.1, with any port,' : '';
  return `Send one that begins with ${hosts.map((name) => `https://${name}`).join(' or ')}${own} and has at most ${MAX_CALLBACK_URL_LENGTH} characters, no credentials and no fragment.`;
}

/** How a request ended that is called back for: all predictions of a list share their fate. */
export const CALLBACK_STATUSES = ['succeeded', 'failed'] as const;

export type CallbackStatus = (typeof CALLBACK_STATUSES)[number];

/**
 * What a receiver is sent: that there is something to get, and nothing of what was asked or answered. Where to get it is for
 * the receiver to know: one that follows an address which anybody may have sent takes its key there.
 */
export interface CallbackBody {
  /** That of the header {@link CALLBACK_ID_HEADER}. */
  readonly callbackId: string;
  readonly model: string;
  readonly status: CallbackStatus;
  /** Every prediction of the request, in the order of its inputs. */
  readonly predictionIds: readonly string[];
}

/** How often a receiver is tried: the waits between the attempts make about six hours. */
export const CALLBACK_ATTEMPTS = 14;

const FIRST_WAIT_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 3600;

/** What to wait after an attempt that came to nothing, in seconds; the first attempt is 1. */
export function callbackWaitSeconds(attempt: number): number {
  return Math.min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS);
}
