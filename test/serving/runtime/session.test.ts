import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ModelGoneError } from '../../../serving/batching/batcher.ts';
import { openSession } from '../../../serving/runtime/session.ts';
import { ModelServer } from '../../../serving/server.ts';
import { readConfig } from '../../../serving/settings/config.ts';

/** A program whose thread says that it has a model, and ends when it is told to run it. */
const DYING = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', () => process.exit(7));
  parentPort.postMessage({ type: 'loaded', signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
  } });
`;

function writeProgram(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'program.cjs');
  writeFileSync(file, text);
  return file;
}

const open = (program: string) => openSession({ program, file: 'model.onnx', intraOpThreads: 0 });

describe('the thread of a model', () => {
  it('fails the run in which it ends, and every later one, and tells why', async () => {
    const session = await open(writeProgram(DYING));
    await expect(session.run([])).rejects.toThrow(ModelGoneError);
    expect(await session.gone).toBe('its thread ended with code 7');
    await expect(session.run([])).rejects.toThrow('the model is not available: its thread ended with code 7');
  });

  it('that ends or throws before it has a model is no session', async () => {
    await expect(open(writeProgram('process.exit(3)'))).rejects.toThrow('its thread ended with code 3');
    await expect(open(writeProgram("throw new Error('no library')"))).rejects.toThrow('no library');
  });
});

describe('a server whose model has ended', () => {
  it('answers 503 and asks for a new process', async () => {
    const program = writeProgram(DYING);
    let ended: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const server = new ModelServer({
      config: readConfig({
        SAGEMAKER_BIND_TO_PORT: '0',
        BIND_ADDRESS: '127.0.0.1',
        MODEL_DIR: join(program, '..'),
      }),
      log: () => undefined,
      program,
      now: Date.now,
      onModelGone: () => ended?.(),
    });
    const url = `http://127.0.0.1:${await server.listen()}`;
    onTestFinished(async () => {
      await server.drain();
    });
    expect((await fetch(`${url}/ping`)).status).toBe(503);
    await server.load();
    expect((await fetch(`${url}/ping`)).status).toBe(200);

    const response = await fetch(`${url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [1] }] }),
    });
    await gone;

    expect(response.status).toBe(503);
    const ping = await fetch(`${url}/ping`);
    expect(ping.status).toBe(503);
    expect(await ping.json()).toEqual({ error: "the model can't be served: its thread ended with code 7" });
  });
});
