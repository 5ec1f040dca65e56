import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { clientOf, type ModelClient } from './client.ts';
import { editedAssembly } from './edited-assembly.ts';
import { type ServerProcess, startProcess } from './process.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'furrow-durability-'));
let server: ServerProcess | undefined;

afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** With throttles that let all reads through at once. */
const assembly = editedAssembly(inject('assembly'), 'durability', ({ Type, Properties }) => {
  if (Type === 'AWS::ApiGateway::UsagePlan') Properties.Throttle = { RateLimit: 1000, BurstLimit: 1000 };
  if (Type === 'AWS::ApiGateway::Stage')
    Object.assign(Properties.MethodSettings[0], { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 });
});

const start = () => startProcess(['--app', assembly, '--data-dir', dataDir, '--port', '0']);

async function barley(running: ServerProcess): Promise<ModelClient> {
  const model = (await running.ready).models.find(({ name }) => name === 'barley-yield');
  if (model === undefined) throw new Error('barley-yield is not served');
  return clientOf(model);
}

describe('the local cloud', () => {
  it('keeps 500 predictions over kill -9 of everything, and the API key too', async () => {
    server = start();
    const before = await barley(server);
    const expected = new Map<string, unknown>();
    for (let request = 0; request < 10; request += 1) {
      const inputs = Array.from({ length: 50 }, (_, index) => ({
        variety: index % 2 === 0 ? 'Trebi' : 'Velvet',
        site: request % 2 === 0 ? 'Waseca' : 'Duluth',
      }));
      const { status, body } = await before.predict({ inputs });
      expect(status).toBe(200);
      for (const { predictionId, prediction } of body.predictions) expected.set(predictionId, prediction);
    }
    expect(expected.size).toBe(500);

    await server.killEverything();
    server = start();
    const after = await barley(server);
    expect(after.headers['x-api-key']).toBe(before.headers['x-api-key']);

    const waiting = [...expected];
    const readers = Array.from({ length: 10 }, async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [id, prediction] = next;
        const { status, body } = await after.get(`/predictions/${id}`);
        expect(status, id).toBe(200);
        expect(body.prediction).toEqual(prediction);
      }
    });
    await Promise.all(readers);
  }, 120_000);
});
