import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, type FunctionProps, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { APP_PROPS } from '../../../lib/app-props.ts';
import type { Clock } from '../../../local/clock/clock.ts';
import { systemClock } from '../../../local/clock/system-clock.ts';
import { MemoryMetricStore } from '../../../local/cloudwatch/metric-store.ts';
import { createCloud, type RunningCloud } from '../../../local/core/cloud.ts';
import { logFile } from '../../../local/core/file-log.ts';
import type { ServicePlugin } from '../../../local/core/plugin/service-plugin.ts';
import type { LocalLambda } from '../../../local/lambda/local-lambda.ts';
import { lambdaPlugin } from '../../../local/lambda/plugin.ts';
import type { LambdaService } from '../../../local/lambda/service.ts';
import { RecordedMetrics } from '../cloudwatch/support/recorded-metrics.ts';

/** A local cloud over a CDK app of the test's own. */
export interface Fixture extends RunningCloud {
  readonly dataDir: string;
  readonly recorded: RecordedMetrics;
  /** The same object as `services.lambda`, which every fixture has. */
  readonly lambda: LambdaService;
  readonly localLambda: LocalLambda;
  /** What was said at the terminal. */
  readonly messages: readonly string[];
  /** What a log group's file holds so far. */
  logOf(logGroup: string): Promise<string>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly plugins?: readonly ServicePlugin[];
  readonly clock?: Clock;
  readonly dataDir?: string;
}

/** Synthesizes one stack into a temporary folder; answers that folder. */
export async function synthesize(build: (stack: Stack) => void): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'furrow-test-assembly-'));
  const app = new App({ ...APP_PROPS, outdir });
  build(new Stack(app, 'Test'));
  app.synth();
  return outdir;
}

/** Synthesizes a stack and starts a local cloud over it. */
export async function startFixture(
  build: (stack: Stack) => void,
  options: FixtureOptions = {},
): Promise<Fixture> {
  const assemblyDir = await synthesize(build);
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'furrow-test-data-')));
  const messages: string[] = [];
  const say = (message: string) => void messages.push(message);
  const recorded = new RecordedMetrics(new MemoryMetricStore(options.clock ?? systemClock));
  const running = await createCloud({
    assemblyDir,
    dataDir,
    metrics: recorded,
    plugins: options.plugins ?? [lambdaPlugin],
    ...(options.clock !== undefined && { clock: options.clock }),
    log: { info: say, warn: say },
  });
  const { lambda } = running.services;
  if (lambda === undefined) throw new Error('the fixture needs the lambda plugin');
  return {
    ...running,
    dataDir,
    recorded,
    lambda,
    localLambda: lambda as LocalLambda,
    messages,
    logOf: (logGroup) => readFile(join(dataDir, 'logs', logFile(logGroup)), 'utf8').catch(() => ''),
    close: async () => {
      await running.close();
      await rm(assemblyDir, { recursive: true, force: true });
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A function with inline code: the body of an async handler that sees `event` and `context`. */
export function inlineFunction(
  stack: Stack,
  name: string,
  body: string,
  props: Partial<FunctionProps> = {},
): LambdaFunction {
  return new LambdaFunction(stack, name, {
    functionName: name,
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    timeout: Duration.seconds(5),
    code: Code.fromInline(`exports.handler = async (event, context) => {${body}};`),
    ...props,
  });
}

/** The ARN of a function in the account and region that the local cloud assumes. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}
