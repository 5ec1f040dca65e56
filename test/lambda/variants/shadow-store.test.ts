import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ShadowRecord, shadowKey } from '../../../lambda/variants/shadow-record.ts';
import { dynamoDbShadowStore } from '../../../lambda/variants/shadow-store.ts';

const TABLE = 'predictions';
const records = Array.from(
  { length: 30 },
  (_, index): ShadowRecord => ({
    predictionId: `ID${index}`,
    record: shadowKey('forest'),
    model: 'harvest',
    version: '1.9.0',
    variant: 'forest',
    createdAt: '2026-05-04T03:02:01.000Z',
    prediction: { harvest: { value: index, unit: 't' } },
    latencyMs: 5,
    requestId: 'R',
    expiresAt: 1,
  }),
);

/** Stands in for DynamoDB: takes batches and answers what it is told to. */
let server: Server;
let batches: { PutRequest: { Item: { predictionId: { S: string } } } }[][];
let answer: (batch: object[]) => object;
beforeEach(async () => {
  batches = [];
  answer = () => ({ UnprocessedItems: {} });
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const batch = JSON.parse(body).RequestItems[TABLE];
    batches.push(batch);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(answer(batch)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'any');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

describe('the store of shadow predictions', () => {
  it('writes all of them, in batches that DynamoDB takes', async () => {
    await dynamoDbShadowStore(TABLE).write(records, AbortSignal.timeout(5000));

    expect(batches.map((batch) => batch.length).sort((one, other) => other - one)).toEqual([25, 5]);
    const ids = batches.flat().map(({ PutRequest }) => PutRequest.Item.predictionId.S);
    expect(new Set(ids)).toEqual(new Set(records.map(({ predictionId }) => predictionId)));
  });

  it('fails where the table leaves some unprocessed, and does not try again', async () => {
    answer = (batch) => ({ UnprocessedItems: { [TABLE]: batch.slice(0, 2) } });

    await expect(dynamoDbShadowStore(TABLE).write(records, AbortSignal.timeout(5000))).rejects.toThrow(
      'the table left 4 records unprocessed',
    );
    expect(batches).toHaveLength(2);
  });
});
