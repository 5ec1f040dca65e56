import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { editedAssembly } from './edited-assembly.ts';
import { type LocalRun, startRun } from './run.ts';

const INPUT = { input: { variety: 'Trebi', site: 'Waseca' } };

describe('faults around the model', () => {
  let run: LocalRun;
  const barley = () => run.client('barley-yield');

  beforeAll(async () => {
    // One request at a time, and functions that give up early: the same code paths, sooner.
    const assembly = editedAssembly(inject('assembly'), 'faults', ({ Type, Properties }) => {
      if (Type === 'AWS::SageMaker::EndpointConfig')
        Properties.ProductionVariants[0].ServerlessConfig.MaxConcurrency = 1;
      // What verifies the deployment keeps its patience.
      if (Type === 'AWS::Lambda::Function' && Properties.Timeout > 5 && Properties.Timeout < 60)
        Properties.Timeout = 5;
      if (Type === 'AWS::SQS::Queue') Properties.VisibilityTimeout = 2;
    });
    run = await startRun(assembly);
  });
  afterEach(async () => {
    await run.clearFaults();
    for (const { pid } of await run.modelProcesses()) process.kill(pid, 'SIGCONT');
  });
  afterAll(() => run.close());

  /** Stops the model's process and sends a request that now hangs in it, once it is inside. */
  async function hangOneRequest() {
    expect((await barley().predict(INPUT)).status).toBe(200);
    const [{ pid } = { pid: 0 }] = await run.modelProcesses();
    process.kill(pid, 'SIGSTOP');
    const first = barley().predict(INPUT);
    await expect.poll(async () => (await run.modelProcesses())[0]?.inFlight, { timeout: 4000 }).toBe(1);
    return { pid, first };
  }

  it('model process killed in the middle of a request: 503 with Retry-After, and the next request is served', async () => {
    const { pid, first } = await hangOneRequest();
    process.kill(pid, 'SIGKILL');
    expect(await first).toMatchObject({ status: 503, body: { code: 'model-unavailable', status: 503 } });
    await expect.poll(async () => (await barley().predict(INPUT)).status, { timeout: 10_000 }).toBe(200);
    expect((await run.modelProcesses()).map((process) => process.pid)).not.toContain(pid);
  });

  it("model slower than the function's deadline: a structured 504 before the function is ended", async () => {
    const { pid, first } = await hangOneRequest();
    const { status, body, headers } = await first;
    expect(status).toBe(504);
    expect(body.code).toBe('model-timeout');
    expect(headers.get('retry-after')).toBe('1');
    process.kill(pid, 'SIGCONT');
    await expect.poll(async () => (await barley().predict(INPUT)).status, { timeout: 10_000 }).toBe(200);
  });

  it('endpoint above its concurrency: 429 with Retry-After', async () => {
    const { pid, first } = await hangOneRequest();
    const { status, body, headers } = await barley().predict(INPUT);
    expect(status).toBe(429);
    expect(body.code).toBe('model-throttled');
    expect(headers.get('retry-after')).toBe('1');
    process.kill(pid, 'SIGCONT');
    expect((await first).status).toBe(200);
  });

  it('health tells a sick model at once, and its recovery', async () => {
    await run.addFault({
      service: 'sagemaker',
      operation: 'InvokeEndpoint',
      error: { status: 503, code: 'ServiceUnavailable', message: '' },
    });
    await expect.poll(async () => (await barley().get('/health')).status, { timeout: 8000 }).toBe(503);
    await run.clearFaults();
    expect((await barley().get('/health')).status).toBe(200);
  });

  it('table unavailable: the prediction is answered and its capture arrives later', async () => {
    await run.addFault({
      service: 'dynamodb',
      error: { status: 500, code: 'InternalServerError', message: 'The table is away.' },
    });
    const { status, body } = await barley().predict(INPUT);
    expect(status).toBe(200);
    const missing = await barley().get(`/predictions/${body.predictionId}`);
    expect(missing).toMatchObject({ status: 503, body: { code: 'store-unavailable' } });
    expect(missing.headers.get('retry-after')).toBe('2');
    expect(
      await run.metricSum('Furrow', 'CaptureDeferred', { environment: 'dev', service: 'barley-yield' }),
    ).toBe(1);

    await run.clearFaults();
    const path = `/predictions/${body.predictionId}`;
    await expect
      .poll(async () => (await barley().get(path)).status, { timeout: 50_000, interval: 500 })
      .toBe(200);
    expect((await barley().get(path)).body.prediction).toEqual(body.prediction);
    expect(
      await run.metricSum('Furrow', 'CaptureLost', { environment: 'dev', service: 'barley-yield' }),
    ).toBe(0);
  });
});

/** A template whose policies lack every statement that allows an action. */
const without = (action: string, { verified = true } = {}) =>
  editedAssembly(inject('assembly'), 'without-permission', ({ Type, Properties }) => {
    if (Type === 'Custom::FurrowVerification' && !verified) return 'remove';
    if (Type !== 'AWS::IAM::Policy') return undefined;
    const { PolicyDocument } = Properties;
    PolicyDocument.Statement = PolicyDocument.Statement.filter(
      (statement: { Action: string | string[] }) => ![statement.Action].flat().includes(action),
    );
    return undefined;
  });

describe('a queue whose consumer may not read it', () => {
  it('fails the start, as it would fail the deployment', async () => {
    await expect(startRun(without('sqs:ReceiveMessage'))).rejects.toThrow(
      /can not consume the queue\. User: .* is not authorized to perform: sqs:ReceiveMessage/,
    );
  });
});

describe('a policy statement that is missing from the template', () => {
  it('fails the start by the golden predictions, as it would fail the deployment', async () => {
    await expect(startRun(without('sagemaker:InvokeEndpoint'))).rejects.toThrow(
      /barley-yield\/Functions\/Verification\/Resource: Golden predictions are answered with the problem internal-error/,
    );
  });
});

describe('a policy statement that goes missing after the deployment', () => {
  let run: LocalRun;

  beforeAll(async () => {
    run = await startRun(without('sagemaker:InvokeEndpoint', { verified: false }));
  });
  afterAll(() => run.close());

  it('gives the client a clear 500 without a stack trace, and the log the whole reason', async () => {
    const { status, body } = await run.client('barley-yield').predict(INPUT);
    expect(status).toBe(500);
    expect(body.code).toBe('internal-error');
    expect(JSON.stringify(body)).not.toMatch(/AccessDenied|arn:aws|\bat \S+:\d+/);
    const id = body.instance.replace('urn:uuid:', '');
    const lines = await run.logLines((line) => line.includes(id) && line.includes('AccessDenied'));
    expect(lines.join('\n')).toMatch(/not authorized to perform: sagemaker:InvokeEndpoint/);
  });

  it('touches no other model', async () => {
    const { status } = await run.client('reference-evapotranspiration').get('/health');
    expect(status).toBe(200);
  });
});
