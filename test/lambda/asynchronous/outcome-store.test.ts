import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemDocument } from '../../../contract/problems/problems.ts';
import { dynamoDbOutcomes, type OutcomeStore } from '../../../lambda/asynchronous/outcome-store.ts';
import { pendingRecord } from '../../../lambda/capture/asynchronous-record.ts';
import { Engine } from '../../../local/dynamodb/engine.ts';
import { temporaryFolder } from '../../local/core/support/folders.ts';
import { served } from '../support/ports.ts';

const TABLE = 'predictions';
const ID = '01JDXM3V5Q8ZJ4T0R9C7B2A6WE';
const NOW = Date.parse('2026-05-04T03:02:01Z');
const silent = () => undefined;

const path = temporaryFolder();
let engine: Engine;
let server: Server;
let outcomes: OutcomeStore;
let signal: AbortSignal;

// The local cloud's DynamoDB, which evaluates conditions, behind an address for the SDK.
beforeAll(async () => {
  const log = { group: silent, info: silent, warn: silent };
  engine = await Engine.start({ path, region: 'us-east-1', accountId: '000000000000', log });
  server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += chunk;
    const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
    const { status, body } = await engine.call(operation, sent);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const keys = ['predictionId', 'record'] as const;
  await engine.call(
    'CreateTable',
    JSON.stringify({
      TableName: TABLE,
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await engine.close();
});

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  outcomes = dynamoDbOutcomes(TABLE);
  signal = AbortSignal.timeout(20_000);
});
afterEach(() => vi.unstubAllEnvs());

const circumstances = {
  model: served,
  variant: 'champion',
  now: NOW,
  retentionDays: 1,
  requestId: 'R',
  traceId: undefined,
};

describe('the outcomes in the table', () => {
  it('keep the latest that the endpoint came to, in whatever order they arrive', async () => {
    expect(await outcomes.lastOutcome(signal)).toBeUndefined();

    const first = { succeeded: false, at: '2026-05-04T03:02:04.000Z' };
    await outcomes.noteOutcome(first, signal);
    await outcomes.noteOutcome({ succeeded: true, at: '2026-05-04T03:02:03.999Z' }, signal);
    expect(await outcomes.lastOutcome(signal)).toMatchObject(first);

    const second = { succeeded: true, at: '2026-05-04T03:02:04.001Z' };
    await outcomes.noteOutcome(second, signal);
    await outcomes.noteOutcome(first, signal);
    expect(await outcomes.lastOutcome(signal)).toMatchObject(second);
  });

  it('finish a pending prediction once, and none that is not there', async () => {
    const outcome = {
      predictionId: ID,
      prediction: { harvest: { value: 6, unit: 't' } },
      warnings: [],
    };
    expect(await outcomes.finish(outcome, signal)).toBe(false);

    await outcomes.keep(
      [pendingRecord(ID, { area: 2 }, { units: {}, pendingUntil: NOW + 1000 }, circumstances)],
      signal,
    );
    expect(await outcomes.statusOf(ID, signal)).toBeUndefined();
    expect(await outcomes.finish(outcome, signal)).toBe(true);
    expect(await outcomes.finish(outcome, signal)).toBe(false);
    expect(await outcomes.statusOf(ID, signal)).toBe('succeeded');
  });

  it('tell of a prediction that failed that it did, and of none nothing', async () => {
    const predictionId = '01JDXM3V5Q8ZJ4T0R9C7B2A6WF';
    await outcomes.keep(
      [pendingRecord(predictionId, { area: 2 }, { units: {}, pendingUntil: NOW + 1000 }, circumstances)],
      signal,
    );
    const problem = problemDocument('model-error', 'The model failed.', 'R');
    expect(await outcomes.finish({ predictionId, problem }, signal)).toBe(true);

    expect(await outcomes.statusOf(predictionId, signal)).toBe('failed');
    expect(await outcomes.statusOf('01JDXM3V5Q8ZJ4T0R9C7B2A6WG', signal)).toBeUndefined();
  });

  it('are looked for in vain where there is no table, and waiting would not help', async () => {
    await expect(dynamoDbOutcomes('nowhere').lastOutcome(signal)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
