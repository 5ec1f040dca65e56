import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomResource } from 'aws-cdk-lib';
import { LambdaIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LocalLambda } from '../../../local/lambda/local-lambda.ts';
import { curlLine } from '../../../local/start/curl.ts';
import { DataDirInUse } from '../../../local/start/data-lock.ts';
import {
  DeploymentFailed,
  PortInUse,
  type RunningLocal,
  startLocal,
} from '../../../local/start/start-local.ts';
import { inlineFunction, synthesize } from '../lambda/fixture.ts';
import { EXAMPLE_REQUEST, modelStack } from './model-fixture.ts';

const log = { info: () => undefined, warn: () => undefined };
let assemblyDir: string;
/** Of a stack with the same name and another model, which nothing can deploy. */
let failingAssemblyDir: string;
let local: RunningLocal | undefined;

beforeAll(async () => {
  assemblyDir = await synthesize(modelStack('oats'));
  failingAssemblyDir = await synthesize((stack) => {
    modelStack('rye')(stack);
    const unanswered = inlineFunction(stack, 'unanswered', '');
    new CustomResource(stack, 'Check', { serviceToken: unanswered.functionArn });
  });
});

afterEach(async () => {
  await local?.close();
  local = undefined;
});

const newDataDir = () => mkdtempSync(join(tmpdir(), 'furrow-test-start-'));

describe('startLocal', () => {
  test('serves the models that the outputs name, their functions warm', async () => {
    local = await startLocal({ assemblyDir, dataDir: newDataDir(), log });

    expect(local.models).toEqual([
      {
        name: 'oats',
        url: `${local.apigateway.url}/oats`,
        apiKey: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
        exampleRequest: EXAMPLE_REQUEST,
      },
    ]);
    const { lambda } = local.cloud.services;
    expect(lambda instanceof LocalLambda && lambda.processes().map((one) => one.name)).toEqual([
      'oats-predict:$LATEST',
    ]);
  });

  test('warms the other functions of each deployment once it serves', async () => {
    const withOthers = await synthesize((stack) => {
      modelStack('rye')(stack);
      const api = stack.node.findChild('Api') as RestApi;
      for (const name of ['health', 'card'])
        api.root.addResource(name).addMethod('GET', new LambdaIntegration(inlineFunction(stack, name, '')));
    });
    local = await startLocal({ assemblyDir, dataDir: newDataDir(), log });
    await local.cloud.deploy(withOthers);
    const { lambda } = local.cloud.services;

    await vi.waitFor(() => {
      const names = lambda instanceof LocalLambda ? lambda.processes().map(({ name }) => name) : [];
      expect(names).toEqual(['rye-predict:$LATEST', 'health:$LATEST', 'card:$LATEST']);
    }, 10_000);
  });

  test('has a curl line that works when pasted', async () => {
    local = await startLocal({ assemblyDir, dataDir: newDataDir(), log });
    const [model] = local.models;
    const line = curlLine(model?.url ?? '', model ?? {}, model?.exampleRequest ?? '');
    // The answer is made in this process, so the shell must not block it.
    const { promise, resolve } = deferred<string>();
    const { exec } = await import('node:child_process');
    exec(line, (_, stdout) => resolve(stdout));

    expect(JSON.parse(await promise)).toMatchObject({ got: JSON.parse(EXAMPLE_REQUEST) });
  });

  test('keeps the API key over a restart', async () => {
    const dataDir = newDataDir();
    local = await startLocal({ assemblyDir, dataDir, log, warm: false });
    const [before] = local.models;
    await local.close();
    local = await startLocal({ assemblyDir, dataDir, log, warm: false });

    expect(local.models[0]?.apiKey).toBe(before?.apiKey);
  });

  test('goes on telling the models that serve when another assembly was put in its place and given up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'furrow-test-assembly-'));
    cpSync(assemblyDir, folder, { recursive: true });
    local = await startLocal({ assemblyDir: folder, dataDir: newDataDir(), log, warm: false });
    const before = local.models;

    cpSync(failingAssemblyDir, folder, { recursive: true });
    await expect(local.cloud.deploy(folder)).rejects.toThrow(DeploymentFailed);

    expect(local.models).toEqual(before);
  });

  test('refuses a data directory that is in use, and a port that is taken', async () => {
    const dataDir = newDataDir();
    local = await startLocal({ assemblyDir, dataDir, log, warm: false });
    await expect(startLocal({ assemblyDir, dataDir, log, warm: false })).rejects.toThrow(DataDirInUse);

    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const taken = newDataDir();
    await expect(startLocal({ assemblyDir, dataDir: taken, port, log, warm: false })).rejects.toThrow(
      new PortInUse(port),
    );
    other.close();
    // What failed gave its data directory back.
    const second = await startLocal({ assemblyDir, dataDir: taken, log, warm: false });
    await second.close();
  });

  test('leaves no process behind', async () => {
    local = await startLocal({ assemblyDir, dataDir: newDataDir(), log });
    const pids =
      local.cloud.services.lambda instanceof LocalLambda ? local.cloud.services.lambda.processes() : [];
    await local.close();
    local = undefined;

    expect(pids).toHaveLength(1);
    for (const { pid } of pids)
      expect(() => execFileSync('kill', ['-0', String(pid)], { stdio: 'ignore' })).toThrow();
  });
});

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
