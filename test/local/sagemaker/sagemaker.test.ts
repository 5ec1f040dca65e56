import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSageMakerPlugin } from '../../../local/sagemaker/plugin.ts';
import { spawnCloud } from '../core/support/cloud-process.ts';
import { clientConfig, startCloud, type TestCloud } from '../core/support/clouds.ts';
import { temporaryFolder } from '../core/support/folders.ts';
import { synthesizeStack } from '../core/support/synthesize.ts';
import { Hosting } from './fixture/stack.ts';

const SERVERLESS = { maxConcurrency: 2, memorySizeInMb: 1024 };

const assemblyDir = synthesizeStack((stack) => {
  const hosting = new Hosting(stack);
  const model = hosting.model('Main', { GREETING: 'hello' });
  const serverless = hosting.endpoint('serverless', [{ model, serverlessConfig: SERVERLESS }]);
  hosting.endpoint('warm', [{ model, serverlessConfig: { ...SERVERLESS, provisionedConcurrency: 1 } }]);
  hosting.endpoint('instances', [{ model, initialInstanceCount: 2 }]);
  hosting.endpoint('split', [
    { model, variantName: 'champion', serverlessConfig: SERVERLESS, initialVariantWeight: 3 },
    { model, variantName: 'challenger', serverlessConfig: SERVERLESS, initialVariantWeight: 1 },
    { model, variantName: 'idle', serverlessConfig: SERVERLESS, initialVariantWeight: 0 },
  ]);
  hosting.endpoint('broken', [
    { model: hosting.model('Broken', { GREETING: 'never healthy' }), serverlessConfig: SERVERLESS },
  ]);
  const elsewhere = hosting.model(
    'Elsewhere',
    {},
    '763104330519.dkr.ecr.us-east-1.amazonaws.com/sklearn:1.2',
  );
  hosting.endpoint('elsewhere', [{ model: elsewhere, serverlessConfig: SERVERLESS }]);
  hosting.caller('caller', serverless);
});

let draw = 0;
let cloud: TestCloud;
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  vi.stubEnv('SECRET_OF_THE_PARENT', 'must not be seen');
  cloud = await startCloud({ assemblyDir, plugins: [createSageMakerPlugin({ random: () => draw })] });
  client = new SageMakerRuntimeClient(clientConfig(cloud));
});
afterAll(() => vi.unstubAllEnvs());

async function invoke(EndpointName: string, Body: string | Buffer = 'x', options = {}, by = client) {
  const answer = await by.send(
    new InvokeEndpointCommand({ EndpointName, Body, ContentType: 'text/plain', ...options }),
  );
  const text = answer.Body.transformToString();
  return { ...answer, text, json: () => JSON.parse(text) as Record<string, unknown> };
}

const sum = (name: string, EndpointName: string, VariantName = 'main'): number =>
  cloud.recorded
    .of('AWS/SageMaker', name, { EndpointName, VariantName })
    .reduce((total, datum) => total + datum.value, 0);

async function processIds(url: string, endpoint: string): Promise<number[]> {
  const response = await fetch(`${url}/_local/processes`);
  const { processes } = (await response.json()) as { processes: { name: string; pid: number }[] };
  return processes.filter((one) => one.name === `${endpoint}/main`).map((one) => one.pid);
}

/** The state of a process as `ps` shows it (R: running, Z: ended, but not yet collected); empty where there is none. */
function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).stdout.trim();
}

function isAlive(pid: number): boolean {
  return /^[^Z]/.test(stateOf(pid));
}

describe('InvokeEndpoint', () => {
  it('runs the program of the image with the model, the environment and the packages it needs', async () => {
    const answer = await invoke('serverless', 'four', {
      Accept: 'application/json',
      CustomAttributes: 'trace=1',
    });

    expect(answer.json()).toMatchObject({
      model: 'trained',
      tensor: 2,
      greeting: 'hello',
      fromImage: 'last stage',
      address: '127.0.0.1',
      contentType: 'text/plain',
      accept: 'application/json',
      length: 4,
    });
    expect(answer.json()).not.toHaveProperty('secret');
    expect(answer.json()).not.toHaveProperty('userAgent');
    expect(answer.ContentType).toBe('application/json');
    expect(answer.CustomAttributes).toBe('trace=1');
    expect(answer.InvokedProductionVariant).toBe('main');
  });

  it('starts a serverless variant with its first request and keeps it', async () => {
    expect(await processIds(cloud.frontDoorUrl, 'split')).toEqual([]);
    const first = (await invoke('serverless')).json().pid;
    const second = (await invoke('serverless')).json().pid;

    expect(second).toBe(first);
    expect(await processIds(cloud.frontDoorUrl, 'serverless')).toEqual([first]);
    expect(
      cloud.recorded.of('AWS/SageMaker', 'ModelSetupTime', {
        EndpointName: 'serverless',
        VariantName: 'main',
      }),
    ).toHaveLength(1);
  });

  it('starts provisioned concurrency and every instance with the cloud', async () => {
    expect(await processIds(cloud.frontDoorUrl, 'warm')).toHaveLength(1);
    expect(await processIds(cloud.frontDoorUrl, 'instances')).toHaveLength(2);
  });

  it('gives a request to the instance that is least busy', async () => {
    const hanging = invoke('instances', 'hang').catch((error: unknown) => error);
    const [, holder = ''] = await vi.waitFor(
      () => /(\d+) holds 1/.exec(readLog('instances')) ?? expect.fail(),
    );
    const others = [await invoke('instances'), await invoke('instances')].map((one) => one.json().pid);

    expect(others).not.toContain(Number(holder));
    process.kill(Number(holder), 'SIGKILL');
    expect(await hanging).toMatchObject({ name: 'ModelError', OriginalStatusCode: 0 });
  });

  it('draws the variant by weight, never one of weight 0, and obeys a target', async () => {
    const drawn: (string | undefined)[] = [];
    for (draw of [0, 0.74, 0.75, 0.999]) drawn.push((await invoke('split')).InvokedProductionVariant);
    draw = 0;
    const targeted = await invoke('split', 'x', { TargetVariant: 'idle' });

    expect(drawn).toEqual(['champion', 'champion', 'challenger', 'challenger']);
    expect(targeted.InvokedProductionVariant).toBe('idle');
    await expect(invoke('split', 'x', { TargetVariant: 'nobody' })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it.each([
    ['refuse', 400, 'Received client error (400) from primary with message "bad input".', 'bad input'],
    ['fail', 503, 'Received server error (503) from primary with message "out of order".', 'out of order'],
  ])(
    'answers a ModelError where the container answers with an error: %s',
    async (body, status, message, original) => {
      const error = await invoke('serverless', body).catch((caught: unknown) => caught);

      expect(error).toMatchObject({
        name: 'ModelError',
        OriginalStatusCode: status,
        OriginalMessage: original,
        LogStreamArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/serverless',
        $metadata: { httpStatusCode: 424 },
      });
      expect((error as Error).message).toContain(message);
    },
  );

  it('answers a ModelError to the request that the process died of, and starts another one for the next', async () => {
    const before = (await invoke('serverless')).json().pid;
    const error = await invoke('serverless', 'exit').catch((caught: unknown) => caught);
    const after = (await invoke('serverless')).json().pid;

    expect(error).toMatchObject({
      name: 'ModelError',
      OriginalStatusCode: 0,
      $metadata: { httpStatusCode: 424 },
    });
    expect((error as Error).message).toContain('could not get a response from the serverless endpoint');
    expect(after).not.toBe(before);
  });

  it('restarts the process of an instance by itself', async () => {
    const both = () =>
      vi.waitFor(async () => {
        const ids = await processIds(cloud.frontDoorUrl, 'instances');
        expect(ids).toHaveLength(2);
        return ids;
      }, 10_000);
    const [victim = 0] = await both();
    process.kill(victim, 'SIGKILL');
    await vi.waitFor(async () => expect(await both()).not.toContain(victim), 10_000);

    expect((await invoke('instances')).json().model).toBe('trained');
  });

  it('throttles a serverless variant above its concurrency, without a text as SageMaker does', async () => {
    const hanging = [invoke('warm', 'hang'), invoke('warm', 'hang')];
    await vi.waitFor(() => expect(readLog('warm')).toContain('holds 2'));

    const response = await fetch(`${cloud.frontDoorUrl}/endpoints/warm/invocations`, {
      method: 'POST',
      body: 'x',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/sagemaker/aws4_request, Signature=0',
      },
    });

    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('ThrottlingException');
    expect(await response.json()).toEqual({ message: null });
    for (const pid of await processIds(cloud.frontDoorUrl, 'warm')) process.kill(pid, 'SIGKILL');
    const outcomes = await Promise.allSettled(hanging);
    expect(outcomes.map((one) => one.status)).toEqual(['rejected', 'rejected']);
  });

  it('limits the body: 4 MB where serverless, 25 MB on instances', async () => {
    const serverless = 4 * 1024 * 1024;
    const instance = 25 * 1024 * 1024;

    expect((await invoke('serverless', Buffer.alloc(serverless, 'x'))).json().length).toBe(serverless);
    await expect(invoke('serverless', Buffer.alloc(serverless + 1, 'x'))).rejects.toThrow(
      "Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 4194304",
    );
    expect((await invoke('instances', Buffer.alloc(serverless + 1, 'x'))).json().length).toBe(serverless + 1);
    await expect(invoke('instances', Buffer.alloc(instance + 1, 'x'))).rejects.toThrow(
      /less than or equal to 26214400/,
    );
  });

  it('names an endpoint that does not exist, and says why one does not run here', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint nobody of account 000000000000 not found.',
    });
    await expect(invoke('elsewhere')).rejects.toThrow(
      'The endpoint elsewhere does not run here: the image 763104330519.dkr.ecr.us-east-1.amazonaws.com/sklearn:1.2 is not built from this assembly.',
    );
    await expect(
      client.send(new InvokeEndpointAsyncCommand({ EndpointName: 'instances', InputLocation: 's3://b/k' })),
    ).rejects.toThrow('Endpoint instances is not asynchronous: it takes InvokeEndpoint only.');
    expect(cloud.notEmulated.map(({ paths, reason }) => [paths[0], reason])).toEqual([
      ['Test/elsewhere-endpoint', expect.stringContaining('is not built from this assembly')],
    ]);
  });

  it('answers a ModelError where the program does not start, and warns with the reason', async () => {
    await expect(invoke('broken')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 0 });
    expect(cloud.warnings.join('\n')).toContain(
      'endpoint broken, variant main: the model process ended with exit code 7 before it was healthy',
    );
  });

  it('lets a role invoke the endpoint that its policy names, and answers 403 for another', async () => {
    const caller = new SageMakerRuntimeClient(
      clientConfig(cloud, 'arn:aws:iam::000000000000:role/caller', 'predict'),
    );

    expect((await invoke('serverless', 'x', {}, caller)).json().model).toBe('trained');
    await expect(invoke('split', 'x', {}, caller)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining(
        'assumed-role/caller/predict is not authorized to perform: sagemaker:InvokeEndpoint on resource: ' +
          'arn:aws:sagemaker:us-east-1:000000000000:endpoint/split because',
      ),
    });
  });

  it('counts what CloudWatch counts', async () => {
    const names = ['Invocations', 'Invocation4XXErrors', 'Invocation5XXErrors', 'ModelLatency'];
    const before = names.map((name) => sum(name, 'serverless'));
    await invoke('serverless');
    await invoke('serverless', 'refuse').catch(() => undefined);
    await invoke('serverless', 'fail').catch(() => undefined);
    const id = cloud.cloud.faults.add({
      service: 'sagemaker',
      resource: 'endpoint/serverless',
      error: { status: 424, code: 'ModelError', message: 'injected' },
    });
    await expect(invoke('serverless')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 500 });
    cloud.cloud.faults.remove(id);

    const [invocations, clientErrors, serverErrors] = names.map(
      (name, n) => sum(name, 'serverless') - (before[n] ?? 0),
    );
    expect({ invocations, clientErrors, serverErrors }).toEqual({
      invocations: 4,
      clientErrors: 1,
      serverErrors: 2,
    });
    expect(sum('InvocationsPerInstance', 'instances')).toBe(sum('Invocations', 'instances') / 2);
  });
});

describe('model processes', () => {
  it('end with the cloud', async () => {
    const own = await startCloud({ assemblyDir, plugins: [createSageMakerPlugin()] });
    const ids = await processIds(own.frontDoorUrl, 'instances');
    await own.close();

    expect(ids).toHaveLength(2);
    expect(ids.filter(isAlive)).toEqual([]);
  });

  it('start with the cloud where it is told to keep serverless variants warm', async () => {
    const healthy = synthesizeStack((stack) => {
      const hosting = new Hosting(stack);
      hosting.endpoint('serverless', [{ model: hosting.model('Main'), serverlessConfig: SERVERLESS }]);
    });
    const warm = await startCloud({ assemblyDir: healthy, plugins: [createSageMakerPlugin({ warm: true })] });
    expect(await processIds(warm.frontDoorUrl, 'serverless')).toHaveLength(1);
  });

  it('end when the cloud is killed; one that hangs in its own code, at the next start', async () => {
    const dataDir = temporaryFolder();
    const first = await spawnCloud(assemblyDir, dataDir);
    const spinning = new SageMakerRuntimeClient({ ...clientConfig(cloud), endpoint: first.url });
    const [hung = 0] = await processIds(first.url, 'warm');
    const others = await processIds(first.url, 'instances');
    const lost = invoke('warm', 'spin', {}, spinning).catch((error: unknown) => error);
    await vi.waitFor(() => expect(stateOf(hung)).toMatch(/^R/));
    await first.kill();
    expect(await lost).toBeInstanceOf(Error);

    await vi.waitFor(() => expect(others.filter(isAlive)).toEqual([]), 10_000);
    expect(isAlive(hung)).toBe(true);
    await spawnCloud(assemblyDir, dataDir);
    await vi.waitFor(() => expect(isAlive(hung)).toBe(false), 10_000);
  });
});

function readLog(endpoint: string): string {
  return readFileSync(join(cloud.cloud.dataDir, 'logs/aws/sagemaker/Endpoints', `${endpoint}.log`), 'utf8');
}
