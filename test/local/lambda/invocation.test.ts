import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FunctionNotFound, RequestTooLarge } from '../../../local/lambda/errors.ts';
import { LambdaThrottled } from '../../../local/lambda/service.ts';
import { type Fixture, functionArn, inlineFunction, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  vi.stubEnv('FURROW_TEST_SECRET', 'of the developer');
  const esm = await mkdtemp(join(tmpdir(), 'furrow-test-esm-'));
  writeFileSync(
    join(esm, 'index.mjs'),
    'const ready = await Promise.resolve("yes");\nexport const handler = async () => ({ ready });\n',
  );
  const forgetful = await mkdtemp(join(tmpdir(), 'furrow-test-forgetful-'));
  mkdirSync(join(forgetful, 'nested'));
  writeFileSync(join(forgetful, 'nested', 'main.js'), 'require("zod");\nexports.handler = async () => 1;\n');

  fixture = await startFixture((stack) => {
    inlineFunction(
      stack,
      'echo',
      'return { event, env: process.env, context, remaining: context.getRemainingTimeInMillis(), cwd: process.cwd() }',
      {
        environment: { TABLE: 'predictions', AWS_PROFILE: 'as-synthesized' },
      },
    );
    inlineFunction(stack, 'count', 'globalThis.n = (globalThis.n ?? 0) + 1; return { n, pid: process.pid }');
    inlineFunction(
      stack,
      'slow',
      'if (event.spin) for (;;); await new Promise((r) => setTimeout(r, event.ms ?? 60000)); return "late"',
      {
        timeout: Duration.seconds(1),
      },
    );
    inlineFunction(stack, 'single', 'await new Promise((r) => setTimeout(r, 300)); return process.pid', {
      reservedConcurrentExecutions: 1,
    });
    inlineFunction(stack, 'crash', 'process.exit(event.code)');
    inlineFunction(
      stack,
      'greedy',
      'globalThis.kept = Buffer.alloc(400 * 1024 * 1024, 1); await new Promise((r) => setTimeout(r, 3000)); return 1',
    );
    inlineFunction(stack, 'failing', 'throw new TypeError("no such unit")');
    inlineFunction(
      stack,
      'rejecting',
      'Promise.reject(new Error("forgotten")); await new Promise((r) => setTimeout(r, 1000))',
    );
    inlineFunction(stack, 'large', 'return "x".repeat(event.size)');
    inlineFunction(stack, 'circular', 'const a = {}; a.a = a; return a');
    inlineFunction(stack, 'stuck', 'await new Promise(() => {})');
    inlineFunction(stack, 'callback', '', {
      code: Code.fromInline(
        'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, { called: true }), 5); };',
      ),
    });
    inlineFunction(stack, 'broken', '', { code: Code.fromInline('throw new RangeError("at load");') });
    inlineFunction(stack, 'misnamed', '', { handler: 'index.absent' });
    inlineFunction(stack, 'module', '', { code: Code.fromAsset(esm) });
    inlineFunction(stack, 'forgetful', '', {
      code: Code.fromAsset(forgetful),
      handler: 'nested/main.handler',
    });
    const aliased = inlineFunction(
      stack,
      'aliased',
      'return { version: context.functionVersion, arn: context.invokedFunctionArn }',
    );
    aliased.addAlias('live');
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await fixture.close();
});

describe('an execution environment', () => {
  test('runs the handler with the event and a full context', async () => {
    const { payload } = await fixture.lambda.invoke(functionArn('echo'), { model: 'barley' });

    expect(payload).toMatchObject({
      event: { model: 'barley' },
      context: {
        functionName: 'echo',
        functionVersion: '$LATEST',
        memoryLimitInMB: '128',
        invokedFunctionArn: functionArn('echo'),
        logGroupName: '/aws/lambda/echo',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    const { remaining } = payload as { remaining: number };
    expect(remaining).toBeGreaterThan(3000);
    expect(remaining).toBeLessThanOrEqual(5000);
  });

  test('has the synthesized variables and those of Lambda, and nothing of the developer', async () => {
    const traceId = 'Root=1-6b03d704-cb7827429892f6886f5dc736;Parent=53995c3f42cd8ad8;Sampled=1';
    const { payload } = await fixture.lambda.invoke(functionArn('echo'), {}, { traceId });
    const { env, cwd } = payload as { env: Record<string, string>; cwd: string };

    expect(env).toMatchObject({
      TABLE: 'predictions',
      AWS_PROFILE: 'as-synthesized',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_ENDPOINT_URL: fixture.frontDoorUrl,
      LOCAL_CLOUD: 'true',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: traceId,
      LAMBDA_TASK_ROOT: cwd,
      PATH: '/usr/local/bin:/usr/bin:/bin',
    });
    expect(Object.keys(env)).not.toContain('FURROW_TEST_SECRET');
    expect(Object.keys(env).filter((name) => /^(npm_|HOME$|NODE_|VITEST)/.test(name))).toEqual([]);
  });

  test('is used again for the next invocation', async () => {
    const first = (await fixture.lambda.invoke(functionArn('count'), {})).payload as {
      n: number;
      pid: number;
    };
    const second = (await fixture.lambda.invoke(functionArn('count'), {})).payload as {
      n: number;
      pid: number;
    };

    expect(second).toEqual({ n: first.n + 1, pid: first.pid });
    expect(fixture.localLambda.processes()).toContainEqual({ name: 'count:$LATEST', pid: first.pid });
  });

  test('takes one invocation at a time, others get environments of their own', async () => {
    const results = await Promise.all(
      [1, 2, 3].map(() => fixture.lambda.invoke(functionArn('slow'), { ms: 300 })),
    );

    expect(results.map((one) => one.payload)).toEqual(['late', 'late', 'late']);
    const pids = fixture.localLambda.processes().filter((one) => one.name === 'slow:$LATEST');
    expect(pids).toHaveLength(3);
  });

  test('loads an ES module, its top-level await included', async () => {
    expect(await fixture.lambda.invoke(functionArn('module'), {})).toEqual({ payload: { ready: 'yes' } });
  });

  test('supports handlers with a callback', async () => {
    expect(await fixture.lambda.invoke(functionArn('callback'), {})).toEqual({ payload: { called: true } });
  });

  test('is addressed through an alias, which runs a version', async () => {
    const { payload } = await fixture.lambda.invoke(`${functionArn('aliased')}:live`, {});

    expect(payload).toEqual({ version: '1', arn: `${functionArn('aliased')}:live` });
  });
});

describe('a function that goes wrong', () => {
  const errorOf = async (name: string, event: unknown = {}) => {
    const result = await fixture.lambda.invoke(functionArn(name), event);
    expect(result.functionError).toBe('Unhandled');
    return result.payload as { errorType: string; errorMessage: string };
  };

  test('by throwing answers the error with its type and message', async () => {
    expect(await errorOf('failing')).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such unit' });
  });

  test.each([{}, { spin: true }])('by taking too long is killed at its timeout (%j)', async (event) => {
    const error = await errorOf('slow', event);

    expect(error.errorType).toBe('Sandbox.Timedout');
    expect(error.errorMessage).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36} Task timed out after 1\.00 seconds$/,
    );
  });

  test.each([
    [1, 'exit status 1'],
    [7, 'exit status 7'],
  ])('by ending its process with %d says so', async (code, words) => {
    const error = await errorOf('crash', { code });

    expect(error.errorType).toBe('Runtime.ExitError');
    expect(error.errorMessage).toMatch(
      new RegExp(`^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: ${words}$`),
    );
  });

  test('by waiting for what never comes ends without a reason', async () => {
    expect((await errorOf('stuck')).errorMessage).toMatch(
      /Error: Runtime exited without providing a reason$/,
    );
  });

  test('by taking more memory than it has is killed', async () => {
    const error = await errorOf('greedy');

    expect(error.errorType).toBe('Runtime.OutOfMemory');
    expect(error.errorMessage).toMatch(/Error: Runtime exited with error: signal: killed$/);
  });

  test('by a rejection that nobody handles answers that', async () => {
    expect(await errorOf('rejecting')).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: forgotten',
    });
  });

  test('by a result that is no JSON answers that', async () => {
    expect(await errorOf('circular')).toMatchObject({ errorType: 'Runtime.MarshalError' });
  });

  test('while loading answers what was thrown, every time', async () => {
    expect(await errorOf('broken')).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' });
    expect(await errorOf('broken')).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' });
  });

  test('for want of the named handler answers Runtime.HandlerNotFound', async () => {
    expect(await errorOf('misnamed')).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.absent is undefined or not a function',
    });
  });

  test('for want of a dependency that the bundle forgot does not find it in the project', async () => {
    const error = await errorOf('forgetful');

    expect(error.errorType).toBe('Runtime.ImportModuleError');
    expect(error.errorMessage).toContain("Cannot find module 'zod'");
  });

  test('works again after it was killed', async () => {
    await errorOf('slow');
    expect(await fixture.lambda.invoke(functionArn('slow'), { ms: 1 })).toEqual({ payload: 'late' });
  });
});

describe('limits', () => {
  test('an answer over 6 MB is an error of the function', async () => {
    expect(await fixture.lambda.invoke(functionArn('large'), { size: 6_291_554 })).not.toHaveProperty(
      'functionError',
    );
    expect(await fixture.lambda.invoke(functionArn('large'), { size: 6_291_555 })).toEqual({
      functionError: 'Unhandled',
      payload: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    });
  });

  test('an event over 6 MB is refused', async () => {
    const invoke = fixture.lambda.invoke(functionArn('echo'), { text: 'x'.repeat(6_291_456) });
    await expect(invoke).rejects.toBeInstanceOf(RequestTooLarge);
  });

  test('invocations beyond the reserved concurrency are throttled and counted', async () => {
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => fixture.lambda.invoke(functionArn('single'), {})),
    );

    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(reasons.every((reason) => reason instanceof LambdaThrottled)).toBe(true);
    expect(sum('Throttles', 'single')).toBe(2);
    expect(sum('Invocations', 'single')).toBe(1);
  });

  test('a function that no template declares is not found', async () => {
    await expect(fixture.lambda.invoke(functionArn('absent'), {})).rejects.toThrow(
      new FunctionNotFound(functionArn('absent')),
    );
    await expect(fixture.lambda.invoke(`${functionArn('aliased')}:dev`, {})).rejects.toBeInstanceOf(
      FunctionNotFound,
    );
  });
});

describe('what an invocation leaves behind', () => {
  test('START, END and REPORT lines in the log group, around what the function wrote', async () => {
    await fixture.lambda.invoke(functionArn('failing'), {});

    const log = await vi.waitFor(async () => {
      const text = await fixture.logOf('/aws/lambda/failing');
      expect(text).toContain('REPORT');
      return text;
    });
    expect(log).toMatch(/^START RequestId: ([0-9a-f-]{36}) Version: \$LATEST\n/);
    expect(log).toMatch(/\tERROR\tInvoke Error TypeError: no such unit\n/);
    expect(log).toMatch(
      /\nEND RequestId: [0-9a-f-]{36}\nREPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB/,
    );
    expect(log).toMatch(/Status: error\tError Type: TypeError/);
  });

  test('metrics for the function and for the alias that was invoked', async () => {
    await fixture.lambda.invoke(`${functionArn('aliased')}:live`, {});
    const { recorded: metrics } = fixture;
    const dimensions = { FunctionName: 'aliased', Resource: 'aliased:live' };

    const [invocation] = metrics.of('AWS/Lambda', 'Invocations', dimensions);
    expect(invocation).toMatchObject({ value: 1, unit: 'Count' });
    expect(metrics.of('AWS/Lambda', 'Errors', dimensions).at(-1)?.value).toBe(0);
    expect(metrics.of('AWS/Lambda', 'Duration', dimensions).at(-1)?.value).toBeGreaterThan(0);
    await fixture.lambda.invoke(functionArn('failing'), {});
    expect(sum('Errors', 'failing')).toBe(sum('Invocations', 'failing'));
  });
});

function sum(name: string, functionName: string): number {
  const data = fixture.recorded.of('AWS/Lambda', name, { FunctionName: functionName });
  return data.reduce((total, one) => total + one.value, 0);
}
