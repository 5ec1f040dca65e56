import type { SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallbackBody } from '../../../contract/api/callbacks.ts';
import { encodeCallback } from '../../../lambda/callbacks/callback.ts';
import { notify } from '../../../lambda/callbacks/notify.ts';
import { logger } from '../../../lambda/observability.ts';
import { countedInAll } from '../support/counted.ts';

const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
const SECOND = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';
const CALLBACK = {
  callbackId: ID,
  url: 'https://hooks.example.com/harvest?token=4711',
  model: 'harvest',
  status: 'succeeded',
  predictionIds: [ID, SECOND],
} as const;

let counted: readonly string[];
let logged: unknown[];
let received: { url: string; body: CallbackBody }[];
let delays: [string, number][];

beforeEach(() => {
  counted = countedInAll();
  logged = [];
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(logger, level).mockImplementation((...line) => void logged.push(line));
  received = [];
  delays = [];
});
afterEach(() => vi.restoreAllMocks());

const messageOf = (callback: object, attempt = 1, messageId = 'm-1') =>
  ({
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body: JSON.stringify(callback),
    attributes: { ApproximateReceiveCount: String(attempt) },
  }) as SQSRecord;

/** Calls back a receiver that answers a status, or not at all. */
function tell(answer: number | Error, ...messages: readonly SQSRecord[]) {
  return notify(
    {
      rule: { hosts: ['hooks.example.com'] },
      receiver: async (url, body) => {
        received.push({ url, body });
        if (answer instanceof Error) throw answer;
        return answer;
      },
      queue: { delay: async (handle, seconds) => void delays.push([handle, seconds]) },
    },
    messages,
    AbortSignal.timeout(10_000),
  );
}
const DONE = { batchItemFailures: [] };
const COMES_BACK = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };

describe('a callback', () => {
  it('says which predictions can be read, and nothing else', async () => {
    expect(
      await tell(200, messageOf(JSON.parse(encodeCallback({ ...CALLBACK, predictionIds: [ID, SECOND] })))),
    ).toEqual(DONE);

    expect(received).toEqual([
      {
        url: CALLBACK.url,
        body: {
          callbackId: ID,
          model: 'harvest',
          status: 'succeeded',
          predictionIds: [ID, SECOND],
        },
      },
    ]);
    expect(counted).toEqual(['Callbacks 1']);
  });

  it.each([200, 202, 204, 299])('is done with once the receiver answers %d', async (status) => {
    expect(await tell(status, messageOf(CALLBACK))).toEqual(DONE);
    expect(counted).toEqual(['Callbacks 1']);
    expect(delays).toEqual([]);
  });

  it.each([
    [408, 1, 15],
    [429, 2, 30],
    [500, 3, 60],
    [503, 9, 3600],
    [599, 14, 3600],
  ])('that is answered %d at attempt %d comes back after %d s', async (status, attempt, seconds) => {
    expect(await tell(status, messageOf(CALLBACK, attempt))).toEqual(COMES_BACK);
    expect(delays).toEqual([['handle of m-1', seconds]]);
    expect(counted).toEqual(['CallbacksDeferred 1']);
  });

  it('that nothing answers comes back, and the log says why', async () => {
    const error = new TypeError('fetch failed', {
      cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
    });
    expect(await tell(error, messageOf(CALLBACK))).toEqual(COMES_BACK);

    expect(delays).toEqual([['handle of m-1', 15]]);
    expect(logged).toEqual([
      [
        'callback put off',
        { callbackId: ID, host: 'hooks.example.com', reason: 'ENOTFOUND', attempt: 1, waitSeconds: 15 },
      ],
    ]);
  });

  it.each([301, 302, 307, 400, 401, 404, 410, 422])(
    'that is answered %d is given up, and counted',
    async (status) => {
      expect(await tell(status, messageOf(CALLBACK))).toEqual(DONE);
      expect(delays).toEqual([]);
      expect(counted).toEqual(['CallbacksRefused 1']);
      expect(logged).toEqual([
        [
          'callback given up',
          { callbackId: ID, host: 'hooks.example.com', reason: `the receiver answered ${status}` },
        ],
      ]);
    },
  );

  it.each(['https://other.example/', 'http://127.0.0.1:9001/', 'nonsense'])(
    'to what is not called back is not made: %s',
    async (url) => {
      expect(await tell(200, messageOf({ ...CALLBACK, url }))).toEqual(DONE);
      expect(received).toEqual([]);
      expect(counted).toEqual(['CallbacksRefused 1']);
    },
  );

  it('that can not be read stays, and is not quoted', async () => {
    expect(await tell(200, messageOf({ url: CALLBACK.url }))).toEqual(COMES_BACK);
    expect(received).toEqual([]);
    expect(logged).toEqual([['not a callback', { messageId: 'm-1' }]]);
  });

  it('comes back after the wait of the queue where its own could not be set', async () => {
    const answered = await notify(
      {
        rule: { hosts: ['hooks.example.com'] },
        receiver: async () => 503,
        queue: { delay: () => Promise.reject(new Error('queue away')) },
      },
      [messageOf(CALLBACK)],
      AbortSignal.timeout(10_000),
    );

    expect(answered).toEqual(COMES_BACK);
    expect(logged).toEqual([
      ['callback put off', expect.objectContaining({ attempt: 1, error: new Error('queue away') })],
    ]);
  });

  it('comes back by itself, and not with others of its batch', async () => {
    const messages = [messageOf({ nothing: true }), messageOf(CALLBACK, 1, 'm-2')];

    expect(await tell(200, ...messages)).toEqual(COMES_BACK);
    expect(counted).toEqual(['Callbacks 1']);
  });

  it.each([200, 404, 503, new Error('https://hooks.example.com/harvest?token=4711')])(
    'leaves nothing in the log of its URL but the host (%s)',
    async (answer) => {
      await tell(answer, messageOf(CALLBACK));

      expect(JSON.stringify(logged)).toContain('hooks.example.com');
      expect(JSON.stringify(logged)).not.toMatch(/4711|\/harvest/);
    },
  );
});
